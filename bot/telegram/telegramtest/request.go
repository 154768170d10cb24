package telegramtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	maxParameters = 1 << 20  // bytes of all parameters of a request
	maxUpload     = 50 << 20 // bytes of an uploaded file
)

// call is one call of a method by a bot.
type call struct {
	*Server
	bot     *bot
	method  string // as the table of methods spells it
	args    map[string]string
	uploads map[string]upload
	arrived time.Time
	request *http.Request
	// reached is when the call was judged, or had waited.
	reached time.Time
	// note is the description that goes with a success.
	note string
}

type upload struct {
	name    string
	mime    string
	content []byte
}

// errTooLarge is answered as the open-source server does: status 413 without a body.
var errTooLarge = errors.New("request entity too large")

func (c *call) arg(name string) string { return c.args[name] }

// has reports whether a parameter was sent and is not empty.
func (c *call) has(name string) bool { return c.args[name] != "" }

// integer reads a parameter the lenient way of the server: absent is the default, rubbish is 0.
func (c *call) integer(name string, standard, low, high int64) int64 {
	text := c.args[name]
	if text == "" {
		return standard
	}
	return min(max(leadingInt(text), low), high)
}

// leadingInt reads the digits a text begins with.
func leadingInt(s string) int64 {
	sign := int64(1)
	if strings.HasPrefix(s, "-") {
		sign, s = -1, s[1:]
	}
	end := 0
	for end < len(s) && end < 18 && isDigit(s[end]) {
		end++
	}
	n, _ := strconv.ParseInt(s[:end], 10, 64)
	return sign * n
}

func (c *call) flag(name string) bool { return isTrue(c.args[name]) }

func isTrue(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// readArguments merges the query string and the body, whichever of its forms it has. The first
// value of a name wins. What cannot be read is left out, as on the real server.
func readArguments(r *http.Request) (map[string]string, map[string]upload, error) {
	args := map[string]string{}
	if r.URL.RawQuery != "" {
		if len(r.URL.RawQuery) > maxParameters {
			return nil, nil, errTooLarge
		}
		addForm(args, r.URL.RawQuery)
	}
	if r.Method == http.MethodGet || r.Body == nil || r.Body == http.NoBody {
		return args, nil, nil
	}
	contentType := r.Header.Get("Content-Type")
	kind, params, _ := mime.ParseMediaType(contentType)
	if strings.HasPrefix(contentType, "application/x-www-form-urlencoded") || strings.HasPrefix(contentType, "application/json") {
		kind = contentType
	}
	if kind == "multipart/form-data" {
		files, err := addMultipart(args, r.Body, params["boundary"])
		return args, files, err
	}
	var body []byte
	var err error
	if n := r.ContentLength; n >= 0 {
		if n > maxParameters {
			return nil, nil, errTooLarge
		}
		body = make([]byte, n)
		_, err = io.ReadFull(r.Body, body)
	} else {
		body, err = io.ReadAll(io.LimitReader(r.Body, maxParameters+1))
		if len(body) > maxParameters {
			return nil, nil, errTooLarge
		}
	}
	if err != nil {
		return nil, nil, err
	}
	switch {
	case strings.HasPrefix(kind, "application/json"):
		addJSON(args, body)
	case strings.HasPrefix(kind, "application/x-www-form-urlencoded"):
		addForm(args, string(body))
	}
	return args, nil, nil
}

func set(args map[string]string, name, value string) {
	if _, there := args[name]; !there {
		args[name] = value
	}
}

func addForm(args map[string]string, form string) {
	for form != "" {
		var pair string
		pair, form, _ = strings.Cut(form, "&")
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil || name == "" {
			continue
		}
		if value, err = url.QueryUnescape(value); err == nil {
			set(args, name, value)
		}
	}
}

func addMultipart(args map[string]string, body io.Reader, boundary string) (map[string]upload, error) {
	files := map[string]upload{}
	if boundary == "" {
		return files, nil
	}
	reader := multipart.NewReader(body, boundary)
	total := 0
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return files, nil
		}
		limit := int64(maxParameters - total)
		if part.FileName() != "" {
			limit = maxUpload
		}
		content, err := io.ReadAll(io.LimitReader(part, limit+1))
		if err != nil {
			return files, nil
		}
		if int64(len(content)) > limit {
			return nil, errTooLarge
		}
		if part.FileName() != "" {
			files[part.FormName()] = upload{part.FileName(), part.Header.Get("Content-Type"), content}
			continue
		}
		total += len(content)
		set(args, part.FormName(), string(content))
	}
}

// serveMethod answers one Bot API call.
func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request) {
	token, method, ok := splitMethodPath(r.URL.Path)
	if !ok {
		s.writeFailure(w, answer(404, "Not Found"))
		return
	}
	if !s.pause(r.Context(), time.Now()) {
		return
	}
	arrived, reached := s.now(), time.Now()
	args, files, err := readArguments(r)
	if err != nil {
		if errors.Is(err, errTooLarge) {
			w.Header().Set("Connection", "close")
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
		return
	}
	if method == "" {
		method = args["method"]
	}
	c := &call{Server: s, args: args, uploads: files, arrived: arrived, reached: reached, request: r, method: method}
	s.dispatch(w, c, token)
}

// splitMethodPath takes /bot<token>/[test/]<method> apart.
func splitMethodPath(path string) (token, method string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/bot")
	if !ok {
		return "", "", false
	}
	token, method, ok = strings.Cut(rest, "/")
	if !ok || token == "" {
		return "", "", false
	}
	method = strings.TrimPrefix(method, "test/")
	return token, strings.TrimSuffix(method, "/"), true
}

// dispatch finds the bot and the method, lets faults and flood limits have their say, runs the
// method and writes its answer.
func (s *Server) dispatch(w http.ResponseWriter, c *call, token string) {
	h, known := methods[asciiLower(c.method)]
	if known {
		c.method = h.name
	}
	s.mu.Lock()
	c.bot = s.bots[token]
	var fault *Fault
	if c.bot != nil {
		fault = s.nextFault(c)
	}
	known = known && !s.missing[c.method]
	s.mu.Unlock()

	var result any
	var err error
	switch {
	case c.bot == nil:
		err = unknownToken(token)
	case c.bot.revoked.Load():
		err = answer(401, "Unauthorized")
	default:
		if fault != nil {
			if done := s.faultBefore(w, c, fault); done {
				return
			}
		}
		if !known {
			err = answer(404, "Not Found: method not found")
			break
		}
		if h.sends {
			if err = s.checkFlood(c); err != nil {
				break
			}
		}
		result, err = h.run(c)
	}
	if errors.Is(err, errGone) {
		s.record(c, 0, "caller gone")
		return
	}
	var f *failure
	if err != nil && !errors.As(err, &f) {
		f = answer(500, "Internal Server Error: "+err.Error())
	}
	body := encodeAnswer(result, c.note, f)
	status := http.StatusOK
	if f != nil {
		status, _ = f.translate()
	}
	s.record(c, status, describe(f))
	if fault != nil {
		if done := s.faultAfter(w, fault, body, status, f); done {
			return
		}
	}
	if !s.pause(c.request.Context(), c.reached) {
		return
	}
	writeAnswer(w, status, body, f)
}

func describe(f *failure) string {
	if f == nil {
		return ""
	}
	_, description := f.translate()
	return description
}

func unknownToken(token string) error {
	id, _, ok := strings.Cut(token, ":")
	if !ok || len(token) > 80 || strings.HasPrefix(token, "0") || id == "" || strings.Trim(id, "0123456789") != "" {
		return answer(401, "Unauthorized: invalid token specified")
	}
	return answer(401, "Unauthorized")
}

// errGone says that the caller has hung up.
var errGone = errors.New("caller gone")

// encodeAnswer writes the envelope.
func encodeAnswer(result any, note string, f *failure) []byte {
	var b bytes.Buffer
	if f == nil && note == "" {
		var raw []byte
		switch r := result.(type) {
		case json.RawMessage:
			raw = r
		case Message:
			raw = encodeMessage(&r)
		default:
			raw = encode(result)
		}
		b.Grow(len(raw) + 24)
		b.WriteString(`{"ok":true,"result":`)
		b.Write(raw)
		b.WriteByte('}')
		return b.Bytes()
	}
	if f != nil {
		code, description := f.translate()
		b.WriteString(`{"ok":false,"error_code":`)
		b.WriteString(strconv.Itoa(code))
		b.WriteString(`,"description":`)
		b.Write(encode(description))
		switch {
		case f.migrateTo != 0:
			b.WriteString(`,"parameters":{"migrate_to_chat_id":` + strconv.FormatInt(f.migrateTo, 10) + `}`)
		case f.retryAfter != 0:
			b.WriteString(`,"parameters":{"retry_after":` + strconv.Itoa(f.retryAfter) + `}`)
		}
		b.WriteByte('}')
		return b.Bytes()
	}
	b.WriteString(`{"ok":true,"result":`)
	if raw, ok := result.(json.RawMessage); ok {
		b.Write(raw)
	} else {
		b.Write(encode(result))
	}
	if note != "" {
		b.WriteString(`,"description":`)
		b.Write(encode(note))
	}
	b.WriteByte('}')
	return b.Bytes()
}

// encode gives JSON as the server writes it: everything beyond ASCII escaped, markup not.
func encode(v any) []byte {
	if done, ok := v.(bool); ok && done {
		return []byte("true")
	}
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.buffer.Reset()
	if err := e.json.Encode(v); err != nil {
		return []byte("null")
	}
	return escapeNonASCII(e.buffer.Bytes()[:e.buffer.Len()-1])
}

// encoder is a JSON encoder with the buffer it writes to.
type encoder struct {
	buffer bytes.Buffer
	json   *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := &encoder{}
	e.json = json.NewEncoder(&e.buffer)
	e.json.SetEscapeHTML(false)
	return e
}}

// escapeNonASCII copies JSON with everything beyond ASCII escaped.
func escapeNonASCII(plain []byte) []byte {
	wide := 0
	for _, c := range plain {
		if c >= 0xC0 {
			wide++
		}
	}
	out := make([]byte, 0, len(plain)+5*wide)
	for i := 0; i < len(plain); {
		if c := plain[i]; c < utf8.RuneSelf {
			end := i + 1
			for end < len(plain) && plain[end] < utf8.RuneSelf {
				end++
			}
			out = append(out, plain[i:end]...)
			i = end
			continue
		}
		r, n := utf8.DecodeRune(plain[i:])
		out = appendEscaped(out, r)
		i += n
	}
	return out
}

func writeAnswer(w http.ResponseWriter, status int, body []byte, f *failure) {
	header := w.Header()
	header["Content-Type"] = []string{"application/json"}
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	if f != nil && f.code == 429 {
		header.Set("Retry-After", strconv.Itoa(f.retryAfter))
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (s *Server) writeFailure(w http.ResponseWriter, f *failure) {
	status, _ := f.translate()
	writeAnswer(w, status, encodeAnswer(nil, "", f), f)
}
