package telegramtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// DefaultToken is the token of the bot that every Server has unless WithBot names others.
const DefaultToken = "700000001:AAEmulatorOnlyNotARealTokenXXXXXXXX"

// DefaultUsername is the username of that bot.
const DefaultUsername = "harkara_demo_bot"

// Server is a Bot API server under our control. Its methods may be called from many goroutines.
type Server struct {
	now      func() time.Time
	actions  []Action
	openDoor bool // unknown positive chat ids are readers who have pressed Start
	history  bool // messages are kept
	requests bool // requests are logged

	mu       sync.Mutex
	random   *rand.Rand
	bots     map[string]*bot // by token
	firstBot *bot
	users    map[int64]*account
	chats    map[int64]*chat // groups, supergroups and channels by id
	names    map[string]*chat
	files    map[string]*file
	polls    map[string][]*stored // where each poll is shown
	nextFile int64
	nextID   int64 // for queries, polls, albums

	changed chan struct{} // closed and replaced when a message changes, if someone waits
	waiting int
	streams map[*stream]bool
	seats   []Seat
	asks    map[int]*InlineAsk // the last inline query of each seat

	faults  []*faultRule
	decor   bool // updates carry fields nobody knows
	missing map[string]bool
	latency Latency
	lag     time.Duration // see pause
	flood   floodState
	journal journal

	listener *switchListener
	http     *http.Server
	mux      *http.ServeMux
	ctx      context.Context
	stop     context.CancelFunc
}

// Option adjusts a Server at New.
type Option func(*Server)

// WithNow sets the clock that dates messages, lets updates and edits expire, and moves flood
// windows. Waiting (long polls, delays) always takes real time. Default: time.Now.
func WithNow(now func() time.Time) Option { return func(s *Server) { s.now = now } }

// WithBot adds a bot. The first one added takes the place of the default bot.
// The part of the token before the colon is the bot's user id.
func WithBot(token, username string) Option {
	return func(s *Server) { s.addBot(token, username, username) }
}

// WithSeed makes everything random (first update ids, jitter, faults by chance) repeatable.
func WithSeed(seed uint64) Option {
	return func(s *Server) { s.random = rand.New(rand.NewPCG(seed, seed^0x9E3779B97F4A7C15)) }
}

// WithoutHistory keeps only counts, last ids and hashes of texts for each chat instead of the
// messages: for measurements with a million chats. Messages, Wait and edits of old messages
// know nothing then; Chat.Tally answers instead.
func WithoutHistory() Option { return func(s *Server) { s.history = false } }

// WithOpenDoor treats every positive chat id nobody has declared as a reader who has pressed
// Start, so that measurements need not declare a million users.
func WithOpenDoor() Option { return func(s *Server) { s.openDoor = true } }

// WithoutRequestLog stops keeping the requests; counts per method and outcome stay.
func WithoutRequestLog() Option { return func(s *Server) { s.requests = false } }

// WithActions adds buttons to the chat page.
func WithActions(actions ...Action) Option {
	return func(s *Server) { s.actions = append(s.actions, actions...) }
}

// Action is a button of the chat page's side panel. Do runs when it is pressed; its answer, or
// its error, is shown on the page.
type Action struct {
	Label string
	Do    func(ctx context.Context) (string, error)
}

// New gives a server that answers as an http.Handler at once; Start also makes it listen.
func New(options ...Option) *Server {
	s := &Server{
		now:      time.Now,
		history:  true,
		requests: true,
		random:   rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())),
		bots:     map[string]*bot{},
		users:    map[int64]*account{},
		chats:    map[int64]*chat{},
		names:    map[string]*chat{},
		files:    map[string]*file{},
		polls:    map[string][]*stored{},
		changed:  make(chan struct{}),
		streams:  map[*stream]bool{},
		asks:     map[int]*InlineAsk{},
		missing:  map[string]bool{},
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	for _, option := range options {
		option(s)
	}
	if s.firstBot == nil {
		s.addBot(DefaultToken, DefaultUsername, "হরকরা")
	}
	s.journal.counts = map[string]*MethodCount{}
	s.flood.reset()
	s.mux = http.NewServeMux()
	s.routes()
	return s
}

func (s *Server) routes() {
	s.mux.HandleFunc("/file/{token}/{path...}", s.serveFile)
	s.controlRoutes()
	s.pageRoutes()
}

// ServeHTTP answers Bot API calls under /bot<token>/, files under /file/bot<token>/, the control
// surface under /control/ and the chat page under /.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/bot") {
		s.serveMethod(w, r) // the mux has no pattern for a segment that only begins with "bot"
		return
	}
	s.mux.ServeHTTP(w, r)
}

// Start listens on a free port of 127.0.0.1 and returns the base URL, as URL does.
func (s *Server) Start() (string, error) { return s.Listen("127.0.0.1:0") }

// Listen listens on an address of choice and returns the base URL.
func (s *Server) Listen(address string) (string, error) {
	inner, err := net.Listen("tcp", address)
	if err != nil {
		return "", fmt.Errorf("listen for Bot API calls: %w", err)
	}
	s.listener = newSwitchListener(inner)
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 30 * time.Second}
	go func() { _ = s.http.Serve(s.listener) }()
	return s.URL(), nil
}

// URL is the base URL of a started server, without a slash at its end: a bot's endpoint is
// URL() + "/bot<token>/<method>".
func (s *Server) URL() string {
	if s.listener == nil {
		return ""
	}
	return "http://" + s.listener.Addr().String()
}

// Close ends all connections and parked calls and stops listening.
func (s *Server) Close() {
	s.stop()
	if s.http != nil {
		_ = s.http.Close()
		s.listener.shut()
	}
}

// Bot gives the default bot.
func (s *Server) Bot() *Bot { return &Bot{s, s.firstBot} }

// AddBot adds a further bot to a running server.
func (s *Server) AddBot(token, username, name string) *Bot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Bot{s, s.addBot(token, username, name)}
}

// unix is the clock in seconds.
func (s *Server) unix() int64 { return s.now().Unix() }

// serial gives the next number of a sequence shared by queries, polls and albums.
func (s *Server) serial() int64 {
	s.nextID++
	return s.nextID
}

// notify wakes those who wait for a change. The lock is held.
func (s *Server) notify() {
	if s.waiting > 0 {
		close(s.changed)
		s.changed = make(chan struct{})
	}
}

// waitFor blocks until ready (called with the lock held) is true or the context ends.
func (s *Server) waitFor(ctx context.Context, ready func() bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting++
	defer func() { s.waiting-- }()
	for !ready() {
		changed := s.changed
		s.mu.Unlock()
		var err error
		select {
		case <-changed:
		case <-ctx.Done():
			err = ctx.Err()
		case <-s.ctx.Done():
			err = fmt.Errorf("wait for the emulator: %w", net.ErrClosed)
		}
		s.mu.Lock()
		if err != nil {
			if ready() {
				return nil
			}
			return err
		}
	}
	return nil
}

// Drop says how a server that is down treats connections.
type Drop int

const (
	// Refuse lets no connection in: nothing a caller writes arrives anywhere.
	Refuse Drop = iota
	// Break accepts connections and requests and cuts them without an answer; nothing has effect.
	Break
)

// Down makes a started server unreachable until Up. Open connections are cut.
func (s *Server) Down(how Drop) error { return s.listener.down(how) }

// Up ends Down.
func (s *Server) Up() error { return s.listener.up() }

// switchListener is a listener that can be switched off and on at the same address.
type switchListener struct {
	address net.Addr
	mu      sync.Mutex
	inner   net.Listener
	how     Drop
	isDown  bool
	closed  bool
	turned  chan struct{}
	conns   map[net.Conn]bool
}

func newSwitchListener(inner net.Listener) *switchListener {
	return &switchListener{address: inner.Addr(), inner: inner, turned: make(chan struct{}), conns: map[net.Conn]bool{}}
}

func (l *switchListener) Addr() net.Addr { return l.address }

func (l *switchListener) Accept() (net.Conn, error) {
	for {
		l.mu.Lock()
		inner, turned, closed := l.inner, l.turned, l.closed
		l.mu.Unlock()
		if closed {
			return nil, net.ErrClosed
		}
		if inner == nil {
			<-turned
			continue
		}
		conn, err := inner.Accept()
		if err != nil {
			l.mu.Lock()
			again := l.closed || l.inner != inner
			l.mu.Unlock()
			if again {
				continue
			}
			return nil, err
		}
		l.mu.Lock()
		if l.isDown {
			l.mu.Unlock()
			go cutAfterReading(conn)
			continue
		}
		tracked := &trackedConn{Conn: conn, listener: l}
		l.conns[tracked] = true
		l.mu.Unlock()
		return tracked, nil
	}
}

// cutAfterReading takes what the caller has to say and then resets the connection.
func cutAfterReading(conn net.Conn) {
	_ = conn.SetReadDeadline(time.Now().Add(time.Second))
	_, _ = conn.Read(make([]byte, 4096))
	reset(conn)
}

func reset(conn net.Conn) {
	if t, ok := conn.(*trackedConn); ok {
		conn = t.Conn
		defer t.forget()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

type trackedConn struct {
	net.Conn
	listener *switchListener
}

func (c *trackedConn) Close() error {
	c.forget()
	return c.Conn.Close()
}

func (c *trackedConn) forget() {
	c.listener.mu.Lock()
	delete(c.listener.conns, c)
	c.listener.mu.Unlock()
}

// Close is called by http.Server; the switch itself is shut by shut.
func (l *switchListener) Close() error {
	l.shut()
	return nil
}

func (l *switchListener) shut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	if l.inner != nil {
		_ = l.inner.Close()
	}
	close(l.turned)
}

func (l *switchListener) down(how Drop) error {
	if l == nil {
		return fmt.Errorf("take the emulator down: it has not been started")
	}
	l.mu.Lock()
	l.isDown, l.how = true, how
	if how == Refuse && l.inner != nil {
		_ = l.inner.Close()
		l.inner = nil
	}
	conns := make([]net.Conn, 0, len(l.conns))
	for c := range l.conns {
		conns = append(conns, c)
	}
	l.mu.Unlock()
	for _, c := range conns {
		reset(c)
	}
	return nil
}

func (l *switchListener) up() error {
	if l == nil {
		return fmt.Errorf("bring the emulator up: it has not been started")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isDown = false
	if l.inner == nil && !l.closed {
		inner, err := net.Listen("tcp", l.address.String())
		if err != nil {
			return fmt.Errorf("bring the emulator up again: %w", err)
		}
		l.inner = inner
		close(l.turned)
		l.turned = make(chan struct{})
	}
	return nil
}
