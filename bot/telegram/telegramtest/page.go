package telegramtest

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The chat page: a Telegram client for the people of the world. A seat is a person in front of a
// chat; the page shows all seats side by side and acts for whoever sits there.

//go:embed page
var pageFiles embed.FS

// Seat is a place at the chat page: a person looking at a chat.
type Seat struct {
	Label string
	User  *User
	Chat  *Chat // nil: the private chat with the bot
}

// AddSeat puts a seat on the page, below those that are there.
func (s *Server) AddSeat(seat Seat) {
	if seat.Chat == nil {
		seat.Chat = seat.User.Chat()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seats = append(s.seats, seat)
	s.tell("seats", nil, nil)
}

// stream is a page that listens for changes.
type stream struct {
	events chan pageEvent
}

// pageEvent is a change, as the page hears of it.
type pageEvent struct {
	Kind    string       `json:"kind"`
	Chat    string       `json:"chat,omitempty"`
	ID      int          `json:"id,omitempty"`
	Message *pageMessage `json:"message,omitempty"`
}

// pageMessage is a message with what only the page needs to know.
type pageMessage struct {
	Message
	Out    int64          `json:"author,omitempty"` // user id of the author, also where the message hides it
	Keys   *ReplyKeyboard `json:"reply_keyboard,omitempty"`
	NoKeys bool           `json:"remove_keyboard,omitempty"`
	Silent bool           `json:"silent,omitempty"`
	Forces bool           `json:"force_reply,omitempty"`
}

func (m *stored) forPage() *pageMessage {
	p := &pageMessage{Message: m.Message, Keys: m.otherMarkup, NoKeys: m.removesKeys, Silent: m.silent, Forces: m.forcesReply}
	if m.author != nil {
		p.Out = m.author.info.ID
	}
	return p
}

// key names a chat on the page; private chats of different bots differ.
func (c *chat) key() string {
	if c.kind == privateChat {
		return "p" + itoa(c.bot.info.ID) + "." + itoa(c.id)
	}
	return "c" + itoa(c.id)
}

// tell passes a change to the pages that listen. A page that is too slow loses the stream; it
// comes back by itself and loads everything anew. The lock is held.
func (s *Server) tell(kind string, c *chat, m *stored) {
	if len(s.streams) == 0 {
		return
	}
	e := pageEvent{Kind: kind}
	if c != nil {
		e.Chat = c.key()
	}
	if m != nil {
		e.ID = m.MessageID
		if kind != "delete" {
			e.Message = m.forPage()
		}
	}
	for page := range s.streams {
		select {
		case page.events <- e:
		default:
			delete(s.streams, page)
			close(page.events)
		}
	}
}

func (s *Server) pageRoutes() {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	s.mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' http: https: data:; base-uri 'none'; form-action 'none'")
		http.ServeFileFS(w, r, files, "index.html")
	})
	s.mux.Handle("GET /page/static/", http.StripPrefix("/page/static/", http.FileServerFS(files)))
	s.mux.HandleFunc("GET /page/events", s.serveEvents)
	s.mux.HandleFunc("GET /page/file/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		f := s.files[r.PathValue("id")]
		s.mu.Unlock()
		if f == nil {
			http.NotFound(w, r)
			return
		}
		writeFile(w, r, f)
	})
	handle := func(pattern string, run func(r *http.Request) (any, error)) {
		s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { answerJSON(w, r, run) })
	}
	handle("GET /page/seats", func(*http.Request) (any, error) { return s.pageState(), nil })
	handle("POST /page/seats", func(r *http.Request) (any, error) { return read(r, s.newReader) })
	handle("POST /page/seats/{seat}/{deed}", s.pageDeed)
	handle("POST /page/actions/{action}", func(r *http.Request) (any, error) {
		n, err := strconv.Atoi(r.PathValue("action"))
		if err != nil || n < 0 || n >= len(s.actions) {
			return nil, fmt.Errorf("এমন কোনো বোতাম নেই")
		}
		text, err := s.actions[n].Do(r.Context())
		return map[string]string{"text": text}, err
	})
}

// serveEvents streams changes as server-sent events.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	flusher, ok := w.(http.Flusher)
	if !ok {
		http.Error(w, "streaming is not possible here", http.StatusNotImplemented)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	page := &stream{events: make(chan pageEvent, 256)}
	s.mu.Lock()
	s.streams[page] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.streams, page)
		s.mu.Unlock()
	}()
	fmt.Fprint(w, "retry: 1000\n\n")
	flusher.Flush()
	beat := time.NewTicker(20 * time.Second)
	defer beat.Stop()
	for {
		select {
		case e, open := <-page.events:
			if !open {
				return
			}
			data, err := json.Marshal(e)
			if err != nil {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", data)
		case <-beat.C:
			fmt.Fprint(w, ": still here\n\n")
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
		flusher.Flush()
	}
}

type pageSeat struct {
	ID          int            `json:"id"`
	Label       string         `json:"label"`
	User        *UserInfo      `json:"user"`
	Bot         *UserInfo      `json:"bot"`
	Chat        *ChatInfo      `json:"chat"`
	Key         string         `json:"key"`
	Started     bool           `json:"started"`
	Blocked     bool           `json:"blocked"`
	MayWrite    bool           `json:"may_write"`
	Owner       bool           `json:"owner"`
	BotInside   bool           `json:"bot_inside"`
	Members     int            `json:"members"`
	Description string         `json:"description"`
	Commands    []Command      `json:"commands"`
	Keyboard    *ReplyKeyboard `json:"keyboard"`
	Messages    []*pageMessage `json:"messages"`
	Pinned      int            `json:"pinned"`
	Inline      bool           `json:"inline"`
	Owned       []ChatInfo     `json:"owned"` // groups and channels the person administers
}

type pageState struct {
	Seats   []pageSeat `json:"seats"`
	Actions []string   `json:"actions"`
}

const pageHistory = 300 // messages of a chat the page shows

// pageState is all the page needs to draw itself anew.
func (s *Server) pageState() pageState {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := pageState{Seats: []pageSeat{}, Actions: []string{}}
	for _, a := range s.actions {
		state.Actions = append(state.Actions, a.Label)
	}
	for i, seat := range s.seats {
		state.Seats = append(state.Seats, s.seatState(i, seat))
	}
	return state
}

func (s *Server) seatState(i int, seat Seat) pageSeat {
	c, a, b := seat.Chat.c, seat.User.a, seat.User.b
	p := pageSeat{
		ID: i, Label: seat.Label, User: a.who(), Bot: b.who(), Chat: c.info(), Key: c.key(), Started: c.started,
		Blocked: c.blocked, Inline: b.inline, Keyboard: c.keyboard(), Pinned: c.pinned(), Messages: []*pageMessage{}, Commands: []Command{},
	}
	p.Bot.FirstName = b.profile.text(textName, a.info.LanguageCode)
	p.User.LanguageCode = a.info.LanguageCode
	if c.kind == privateChat {
		p.Description = b.profile.text(textDescription, a.info.LanguageCode)
		p.MayWrite, p.Members = true, 2
	} else {
		me := c.member(a)
		p.BotInside = c.member(b.account).isInside()
		p.Owner = me.isAdmin()
		p.MayWrite = me.isInside() && (c.kind != channel || me.can(func(r Rights) bool { return r.PostMessages }))
		for _, m := range c.members {
			if m.isInside() {
				p.Members++
			}
		}
	}
	if c.kind != channel {
		p.Commands = append(p.Commands, b.commandsFor(c, a)...)
	}
	for _, m := range c.messages[max(0, len(c.messages)-pageHistory):] {
		if !m.deleted {
			p.Messages = append(p.Messages, m.forPage())
		}
	}
	for _, other := range s.chats {
		if other.member(a).isAdmin() && other.migratedTo == 0 && !other.deleted {
			p.Owned = append(p.Owned, *other.info())
		}
	}
	return p
}

// newReader adds a new person with a seat.
func (s *Server) newReader(in struct {
	Name     string `json:"name"`
	Language string `json:"language"`
},
) (int, error) {
	name := strings.TrimSpace(in.Name)
	if name == "" {
		return 0, fmt.Errorf("পাঠকের একটি নাম দিন")
	}
	if in.Language == "" {
		in.Language = "bn"
	}
	s.mu.Lock()
	id := 6_000_000_000 + s.serial()
	s.mu.Unlock()
	s.AddSeat(Seat{Label: name, User: s.User(id, name, in.Language)})
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seats) - 1, nil
}

// pressWait is how long the page waits for a bot to answer a press.
const pressWait = 15 * time.Second

// pageDeed lets the person of a seat do something.
func (s *Server) pageDeed(r *http.Request) (any, error) {
	n, err := strconv.Atoi(r.PathValue("seat"))
	s.mu.Lock()
	if err != nil || n < 0 || n >= len(s.seats) {
		s.mu.Unlock()
		return nil, fmt.Errorf("এমন কোনো আসন নেই")
	}
	seat := s.seats[n]
	s.mu.Unlock()
	var in struct {
		Text    string `json:"text"`
		Message int    `json:"message"`
		Chat    int64  `json:"chat"`
		Rights  string `json:"rights"`
		Option  int    `json:"option"`
		Picture []byte `json:"picture"`
		Album   string `json:"album"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	u, c := seat.User, seat.Chat
	switch r.PathValue("deed") {
	case "say":
		if strings.TrimSpace(in.Text) == "" && in.Picture == nil {
			return nil, fmt.Errorf("কিছু লিখুন")
		}
		how := Manner{ReplyTo: in.Message, Photo: in.Picture, Album: in.Album}
		if answered, found := c.Find(in.Message); found {
			how.Thread = answered.ThreadID // an answer stands in the topic of what it answers
		}
		return c.SayAs(u, in.Text, how), nil
	case "start":
		u.Start(in.Text)
		return s.privateSeat(seat), nil
	case "open":
		return s.privateSeat(seat), nil
	case "start-group":
		if c = s.ChatByID(in.Chat); c == nil {
			return nil, fmt.Errorf("চ্যাটটি পাওয়া গেল না")
		}
		if in.Rights == "" {
			c.setMember(u.b.account, u, member{status: ordinary})
		} else {
			c.PromoteBot(u, &Bot{s, u.b}, rightsNamed(in.Rights))
		}
		return c.Say(u, strings.TrimSpace("/start@"+u.b.info.Username+" "+in.Text)), nil
	case "press":
		press, err := c.Press(u, in.Message, in.Text)
		if err != nil {
			return nil, fmt.Errorf("বোতামটি আর নেই")
		}
		ctx, cancel := context.WithTimeout(r.Context(), pressWait)
		defer cancel()
		answer, err := press.Wait(ctx)
		if err != nil {
			return nil, fmt.Errorf("বট সাড়া দেয়নি")
		}
		return answer, nil
	case "block":
		u.Block()
	case "unblock":
		u.Unblock()
	case "inline":
		return s.pageInline(r.Context(), n, u, in.Text)
	case "choose":
		s.mu.Lock()
		ask := s.asks[n]
		s.mu.Unlock()
		if ask == nil {
			return nil, fmt.Errorf("আগে কিছু খুঁজুন")
		}
		return ask.Choose(c, in.Text)
	case "vote":
		return true, c.Vote(u, in.Message, in.Option)
	case "share":
		if in.Chat > 0 { // a private chat's id is its person's
			return u.ShareUsers(in.Text, s.User(in.Chat, "", ""))
		}
		shared := s.ChatByID(in.Chat)
		if shared == nil {
			return nil, fmt.Errorf("চ্যাটটি পাওয়া গেল না")
		}
		return u.ShareChat(in.Text, shared)
	case "add-bot":
		if in.Chat != 0 {
			if c = s.ChatByID(in.Chat); c == nil {
				return nil, fmt.Errorf("চ্যাটটি পাওয়া গেল না")
			}
		}
		rights := Poster
		if in.Rights != "" {
			rights = rightsNamed(in.Rights)
		}
		c.PromoteBot(u, &Bot{s, u.b}, rights)
	case "remove-bot":
		c.setMember(u.b.account, u, member{status: left})
	case "delete":
		c.Remove(in.Message)
	case "edit":
		return true, c.Edit(u, in.Message, in.Text)
	default:
		return nil, fmt.Errorf("এমন কোনো কাজ নেই")
	}
	return true, nil
}

// inlineChoice is an inline result as the page lists it.
type inlineChoice struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

// pageInline asks the bot for inline results and remembers the query for the choice.
func (s *Server) pageInline(ctx context.Context, seat int, u *User, query string) (any, error) {
	ask := u.AskInline(query, "")
	s.mu.Lock()
	s.asks[seat] = ask
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, pressWait)
	defer cancel()
	answer, err := ask.Wait(ctx)
	if err != nil {
		return nil, fmt.Errorf("বট সাড়া দেয়নি")
	}
	list := []inlineChoice{}
	for _, raw := range answer.Results {
		var choice inlineChoice
		if json.Unmarshal(raw, &choice) == nil {
			list = append(list, choice)
		}
	}
	return list, nil
}

// privateSeat is the seat of the same person's private chat with the bot; it is added if missing.
func (s *Server) privateSeat(seat Seat) int {
	private := seat.User.Chat()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.seats {
		if other.Chat.c == private.c {
			return i
		}
	}
	s.seats = append(s.seats, Seat{Label: seat.User.a.info.FirstName, User: seat.User, Chat: private})
	s.tell("seats", nil, nil)
	return len(s.seats) - 1
}

// rightsNamed reads the rights of a startchannel link: names joined by "+".
func rightsNamed(list string) Rights {
	named := map[string]bool{}
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == '+' || r == ' ' }) {
		named["can_"+name] = true
	}
	named["can_manage_chat"] = true
	data, _ := json.Marshal(named)
	var rights Rights
	_ = json.Unmarshal(data, &rights)
	return rights
}
