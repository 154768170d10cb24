package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The control surface over HTTP: what tests do in Go, for drills whose server is a process of
// its own. Everything takes and gives JSON; a refusal is status 400 with {"error": …}.
//
//	GET    /control/state                 bots, queues, flood report, counts of calls
//	GET    /control/requests?method=M     the request log
//	GET    /control/messages?chat=ID      messages of a chat (&bot=USERNAME for private chats)
//	GET    /control/tallies               one Tally a line, for every chat a bot has written into
//	POST   /control/act                   an Act: what a person does
//	POST   /control/chats                 a ChatOrder: make a group or channel
//	POST   /control/storm                 {"first":…,"count":…,"payload":…}: new readers press Start
//	POST   /control/push                  {"kind":…,"payload":…}: an update of any content
//	POST   /control/reset-ids             {"first":…}: update ids start anew
//	POST   /control/faults                a Fault; answers {"id":…}
//	DELETE /control/faults[/{id}]         take one rule back, or all
//	POST   /control/flood                 a Flood
//	POST   /control/latency               a Latency (nanoseconds)
//	POST   /control/missing               ["method",…]: methods the server does not know
//	POST   /control/down                  {"how":"refuse"|"break","for":NANOSECONDS}
//	POST   /control/forget                empty the request log
func (s *Server) controlRoutes() {
	get := func(path string, run func(r *http.Request) (any, error)) {
		s.mux.HandleFunc("GET /control/"+path, func(w http.ResponseWriter, r *http.Request) { answerJSON(w, r, run) })
	}
	post := func(path string, run func(r *http.Request) (any, error)) {
		s.mux.HandleFunc("POST /control/"+path, func(w http.ResponseWriter, r *http.Request) { answerJSON(w, r, run) })
	}
	get("state", func(*http.Request) (any, error) { return s.State(), nil })
	get("requests", func(r *http.Request) (any, error) {
		if m := r.URL.Query().Get("method"); m != "" {
			return s.Requests(m), nil
		}
		return s.Requests(), nil
	})
	get("messages", func(r *http.Request) (any, error) {
		id, _ := strconv.ParseInt(r.URL.Query().Get("chat"), 10, 64)
		c := s.chatFor(id, r.URL.Query().Get("bot"))
		if c == nil {
			return nil, fmt.Errorf("no chat %d", id)
		}
		return c.Messages(), nil
	})
	s.mux.HandleFunc("GET /control/tallies", func(w http.ResponseWriter, _ *http.Request) {
		var list []Tally
		s.Tallies(func(t Tally) { list = append(list, t) })
		w.Header().Set("Content-Type", "application/x-ndjson")
		e := json.NewEncoder(w)
		for _, t := range list {
			_ = e.Encode(t)
		}
	})
	post("act", func(r *http.Request) (any, error) { return read(r, s.Act) })
	post("chats", func(r *http.Request) (any, error) { return read(r, s.Order) })
	post("storm", func(r *http.Request) (any, error) {
		return read(r, func(in struct {
			Bot     string `json:"bot"`
			First   int64  `json:"first"`
			Count   int    `json:"count"`
			Payload string `json:"payload"`
		},
		) (any, error) {
			b, err := s.botNamed(in.Bot)
			if err != nil {
				return nil, err
			}
			return map[string]int{"queued": b.Storm(in.First, in.Count, in.Payload)}, nil
		})
	})
	post("push", func(r *http.Request) (any, error) {
		return read(r, func(in struct {
			Bot     string          `json:"bot"`
			Kind    string          `json:"kind"`
			Payload json.RawMessage `json:"payload"`
		},
		) (any, error) {
			b, err := s.botNamed(in.Bot)
			if err != nil {
				return nil, err
			}
			return map[string]int{"update_id": b.Push(in.Kind, in.Payload)}, nil
		})
	})
	post("reset-ids", func(r *http.Request) (any, error) {
		return read(r, func(in struct {
			Bot   string `json:"bot"`
			First int    `json:"first"`
		},
		) (any, error) {
			b, err := s.botNamed(in.Bot)
			if err != nil {
				return nil, err
			}
			b.ResetUpdateIDs(in.First)
			return b.Queue(), nil
		})
	})
	post("faults", func(r *http.Request) (any, error) {
		return read(r, func(f Fault) (any, error) {
			if f.Kind == "" {
				return nil, fmt.Errorf("a fault needs a kind")
			}
			s.Fault(f)
			s.mu.Lock()
			defer s.mu.Unlock()
			return map[string]int{"id": s.faults[len(s.faults)-1].id}, nil
		})
	})
	s.mux.HandleFunc("DELETE /control/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	s.mux.HandleFunc("DELETE /control/faults/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.Atoi(r.PathValue("id"))
		s.removeFault(func(rule *faultRule) bool { return rule.id == id })
		w.WriteHeader(http.StatusNoContent)
	})
	post("flood", func(r *http.Request) (any, error) {
		return read(r, func(f Flood) (any, error) { s.SetFlood(f); return f, nil })
	})
	post("latency", func(r *http.Request) (any, error) {
		return read(r, func(l Latency) (any, error) { s.SetLatency(l); return l, nil })
	})
	post("missing", func(r *http.Request) (any, error) {
		return read(r, func(names []string) (any, error) { s.WithoutMethods(names...); return names, nil })
	})
	post("down", func(r *http.Request) (any, error) { return read(r, s.downFor) })
	post("forget", func(*http.Request) (any, error) { s.ForgetRequests(); return true, nil })
}

func answerJSON(w http.ResponseWriter, r *http.Request, run func(*http.Request) (any, error)) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	result, err := run(r)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		result = map[string]string{"error": err.Error()}
	}
	_ = json.NewEncoder(w).Encode(result)
}

// read decodes the body and runs a function on it.
func read[In, Out any](r *http.Request, run func(In) (Out, error)) (any, error) {
	var in In
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	return run(in)
}

// State is the whole of the server in numbers.
type State struct {
	Now    time.Time              `json:"now"`
	Bots   []BotState             `json:"bots"`
	Users  int                    `json:"users"`
	Chats  int                    `json:"chats"` // groups and channels
	Calls  map[string]MethodCount `json:"calls"`
	Flood  FloodReport            `json:"flood"`
	Faults []FaultState           `json:"faults"`
}

// BotState is a bot in numbers.
type BotState struct {
	Username string     `json:"username"`
	Token    string     `json:"token"`
	Readers  int        `json:"readers"` // private chats that are active
	Queue    QueueState `json:"queue"`
}

// FaultState is a rule and how often it has struck.
type FaultState struct {
	ID      int `json:"id"`
	Fault   `json:"fault"`
	Matched int `json:"matched"`
	Struck  int `json:"struck"`
}

// State gives the whole of the server in numbers.
func (s *Server) State() State {
	state := State{Now: s.now(), Calls: s.Counts(), Flood: s.FloodReport()}
	s.mu.Lock()
	defer s.mu.Unlock()
	state.Users, state.Chats = len(s.users), len(s.chats)
	for _, token := range sortedKeys(s.bots) {
		b := s.bots[token]
		one := BotState{Username: b.info.Username, Token: token, Queue: b.queue.state()}
		for _, c := range b.private {
			if c.started && !c.blocked && !c.user.deactivated {
				one.Readers++
			}
		}
		state.Bots = append(state.Bots, one)
	}
	for _, r := range s.faults {
		state.Faults = append(state.Faults, FaultState{r.id, r.Fault, r.matched, r.struck})
	}
	return state
}

// botNamed gives a bot by username; "" is the default bot.
func (s *Server) botNamed(username string) (*Bot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if username == "" {
		return &Bot{s, s.firstBot}, nil
	}
	for _, b := range s.bots {
		if strings.EqualFold(b.info.Username, username) {
			return &Bot{s, b}, nil
		}
	}
	return nil, fmt.Errorf("no bot %q", username)
}

// chatFor gives a chat by id; a positive id is the private chat with the named bot.
func (s *Server) chatFor(id int64, username string) *Chat {
	if id < 0 {
		return s.ChatByID(id)
	}
	b, err := s.botNamed(username)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := b.b.private[id]; c != nil {
		return &Chat{s, c}
	}
	return nil
}

// Act is what a person does, as one JSON object.
type Act struct {
	Do       string `json:"do"` // start, say, edit, press, block, unblock, deactivate, join, leave, add_bot, remove_bot, kick_bot
	User     int64  `json:"user"`
	Name     string `json:"name,omitempty"`
	Language string `json:"language,omitempty"`
	Bot      string `json:"bot,omitempty"`  // username; the default bot if empty
	Chat     int64  `json:"chat,omitempty"` // the private chat if 0
	Text     string `json:"text,omitempty"` // what is said; the payload of start; the button of press
	Message  int    `json:"message,omitempty"`
	Rights   Rights `json:"rights,omitzero"`
}

// Act lets a person do something and gives the id of the message that came of it, if any.
func (s *Server) Act(a Act) (int, error) {
	b, err := s.botNamed(a.Bot)
	if err != nil {
		return 0, err
	}
	if a.User <= 0 {
		return 0, fmt.Errorf("act %q: a user id is positive, not %d", a.Do, a.User)
	}
	name, language := a.Name, a.Language
	if name == "" {
		name = "পাঠক " + strconv.FormatInt(a.User, 10)
	}
	if language == "" {
		language = "bn"
	}
	u := s.User(a.User, name, language).With(b)
	c := u.Chat()
	if a.Chat != 0 && a.Chat != a.User {
		if c = s.ChatByID(a.Chat); c == nil {
			return 0, fmt.Errorf("act %q: no chat %d", a.Do, a.Chat)
		}
	}
	switch a.Do {
	case "start":
		return u.Start(a.Text), nil
	case "say":
		return c.Say(u, a.Text), nil
	case "edit":
		return a.Message, c.Edit(u, a.Message, a.Text)
	case "press":
		_, err := c.Press(u, a.Message, a.Text)
		return a.Message, err
	case "block":
		u.Block()
	case "unblock":
		u.Unblock()
	case "deactivate":
		u.Deactivate()
	case "join":
		c.Join(u)
	case "leave":
		c.Leave(u)
	case "add_bot":
		rights := a.Rights
		if rights == (Rights{}) {
			rights = Poster
		}
		c.PromoteBot(u, b, rights)
	case "remove_bot":
		c.RemoveBot(u)
	case "kick_bot":
		c.KickBot(u)
	default:
		return 0, fmt.Errorf("act %q: not known", a.Do)
	}
	return 0, nil
}

// ChatOrder asks for a group or channel.
type ChatOrder struct {
	Kind     string `json:"kind"` // group, supergroup, channel
	ID       int64  `json:"id"`
	Title    string `json:"title"`
	Username string `json:"username,omitempty"`
	Owner    int64  `json:"owner"`
	AddBot   bool   `json:"add_bot,omitempty"` // make the default bot an administrator who may post
}

// Order makes a group or channel.
func (s *Server) Order(o ChatOrder) (int64, error) {
	if o.ID >= 0 || o.Owner <= 0 {
		return 0, fmt.Errorf("make chat %d: needs a negative id and an owner", o.ID)
	}
	owner := s.User(o.Owner, "পাঠক "+strconv.FormatInt(o.Owner, 10), "bn")
	var c *Chat
	switch o.Kind {
	case "group":
		c = s.Group(o.ID, o.Title, owner)
	case "supergroup":
		c = s.Supergroup(o.ID, o.Title, owner)
	case "channel":
		c = s.Channel(o.ID, o.Title, owner)
	default:
		return 0, fmt.Errorf("make chat %d: kind %q not known", o.ID, o.Kind)
	}
	if o.Username != "" {
		c.SetUsername(o.Username)
	}
	if o.AddBot {
		c.AddBot(owner, Poster)
	}
	return c.ID(), nil
}

// downFor takes the server down and up again by itself.
func (s *Server) downFor(in struct {
	How string        `json:"how"`
	For time.Duration `json:"for"`
},
) (bool, error) {
	if in.For <= 0 {
		return false, fmt.Errorf("going down needs a time after which to come back")
	}
	how := Refuse
	if in.How == "break" {
		how = Break
	}
	// Let the answer to this very call get through first.
	time.AfterFunc(50*time.Millisecond, func() {
		if s.Down(how) == nil {
			time.AfterFunc(in.For, func() { _ = s.Up() })
		}
	})
	return true, nil
}
