package telegramtest

// stream is a chat page that listens for changes.
type stream struct {
	events chan streamEvent
}

// streamEvent is something that has happened in the world.
type streamEvent struct {
	kind    string
	chat    *chat
	message *stored
	press   *press
}

// tell passes an event to the pages that listen. A page that is too slow loses it and is told to
// load everything anew. The lock is held.
func (s *Server) tell(kind string, c *chat, m *stored) {
	s.publish(streamEvent{kind: kind, chat: c, message: m})
}

func (s *Server) tellPress(p *press) { s.publish(streamEvent{kind: "answer", press: p}) }

func (s *Server) publish(e streamEvent) {
	for page := range s.streams {
		select {
		case page.events <- e:
		default:
			delete(s.streams, page)
			close(page.events)
		}
	}
}

func (s *Server) controlRoutes() {}
func (s *Server) pageRoutes()    {}
