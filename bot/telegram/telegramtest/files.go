package telegramtest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/gif"  // photos may be uploaded as GIF
	_ "image/jpeg" // or as JPEG
	_ "image/png"  // or as PNG
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Files the server keeps: uploaded bytes, or the address of a picture on the web. The emulator
// fetches nothing: a picture by URL is taken on trust, and shown from its address.

const (
	maxPhotoBytes = 10 << 20
	maxPhotoSides = 10_000
	maxPhotoRatio = 20
)

type file struct {
	id            string
	isPhoto       bool
	url           string
	name          string
	mime          string
	content       []byte
	size          int
	width, height int
}

func (f *file) sizes() []PhotoSize {
	return []PhotoSize{{FileID: f.id, FileUniqueID: "u" + f.id, FileSize: f.size, Width: f.width, Height: f.height}}
}

func (f *file) document() *Document {
	return &Document{FileID: f.id, FileUniqueID: "u" + f.id, FileName: f.name, MimeType: f.mime, FileSize: f.size}
}

func (f *file) video() *Video {
	return &Video{FileID: f.id, FileUniqueID: "u" + f.id, FileSize: f.size, Width: f.width, Height: f.height, MimeType: f.mime}
}

// keep registers a file. The lock is held.
func (s *Server) keep(f *file) *file {
	s.nextFile++
	kind := "BQACAgUAAxk"
	if f.isPhoto {
		kind = "AgACAgUAAxk"
	}
	f.id = fmt.Sprintf("%s%016X", kind, s.nextFile*0x9E3779B9)
	s.files[f.id] = f
	return f
}

// photo reads a photo of a call: an upload, an address, or the id of a file that is there.
func (c *call) photo(field, value string) (*file, error) {
	up, uploaded, err := c.uploadOf(field, value, "photo")
	if err != nil {
		return nil, err
	}
	if !uploaded {
		return c.remote(value, true)
	}
	if len(up.content) > maxPhotoBytes {
		return nil, badRequest("file of size %d bytes is too big for a photo; the maximum size is %d bytes", len(up.content), maxPhotoBytes)
	}
	f := &file{isPhoto: true, name: up.name, mime: http.DetectContentType(up.content), content: up.content, size: len(up.content)}
	config, _, err := image.DecodeConfig(bytes.NewReader(up.content))
	switch {
	case err == nil:
		f.width, f.height = config.Width, config.Height
	case strings.HasPrefix(f.mime, "image/webp"):
		f.width, f.height = webpSize(up.content)
	case isTIFF(up.content):
		f.width, f.height = 1280, 720
	default:
		return nil, badRequest("IMAGE_PROCESS_FAILED")
	}
	if f.width+f.height > maxPhotoSides || f.width > f.height*maxPhotoRatio || f.height > f.width*maxPhotoRatio {
		return nil, badRequest("PHOTO_INVALID_DIMENSIONS")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.keep(f), nil
}

func isTIFF(b []byte) bool {
	return bytes.HasPrefix(b, []byte("II*\x00")) || bytes.HasPrefix(b, []byte("MM\x00*"))
}

// webpSize reads the size of a WebP picture from its first chunk.
func webpSize(b []byte) (int, int) {
	if len(b) >= 30 {
		switch string(b[12:16]) {
		case "VP8X":
			return 1 + int(b[24]) | int(b[25])<<8 | int(b[26])<<16, 1 + int(b[27]) | int(b[28])<<8 | int(b[29])<<16
		case "VP8 ":
			return int(binary.LittleEndian.Uint16(b[26:]) & 0x3FFF), int(binary.LittleEndian.Uint16(b[28:]) & 0x3FFF)
		case "VP8L":
			bits := binary.LittleEndian.Uint32(b[21:])
			return int(bits&0x3FFF) + 1, int(bits>>14&0x3FFF) + 1
		}
	}
	return 1280, 720
}

func (c *call) document(field, value string) (*file, error) {
	up, uploaded, err := c.uploadOf(field, value, "document")
	if err != nil {
		return nil, err
	}
	if !uploaded {
		return c.remote(value, false)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	kind := up.mime
	if kind == "" {
		kind = http.DetectContentType(up.content)
	}
	return c.keep(&file{name: up.name, mime: kind, content: up.content, size: len(up.content)}), nil
}

// uploadOf finds the uploaded bytes a parameter is about, if any.
func (c *call) uploadOf(field, value, kind string) (upload, bool, error) {
	if name, ok := strings.CutPrefix(value, "attach://"); ok {
		field = name
	} else if value != "" {
		return upload{}, false, nil
	}
	up, ok := c.uploads[field]
	switch {
	case !ok:
		return up, false, badRequest("there is no %s in the request", kind)
	case len(up.content) == 0:
		return up, false, badRequest("file must be non-empty")
	}
	return up, true, nil
}

// remote takes a file by its id or its address: what has a dot is an address.
func (c *call) remote(value string, isPhoto bool) (*file, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !strings.Contains(value, ".") {
		f := c.Server.files[value]
		switch {
		case f == nil && len(value) < 12:
			return nil, badRequest("wrong remote file identifier specified: Wrong string length")
		case f == nil:
			return nil, badRequest("wrong file identifier/HTTP URL specified")
		case f.isPhoto != isPhoto:
			names := map[bool]string{true: "Photo", false: "Document"}
			return nil, badRequest("can't use file of type %s as %s", names[f.isPhoto], names[isPhoto])
		}
		return f, nil
	}
	if strings.Contains(value, ":") && !hasHTTPScheme(value) {
		return nil, badRequest("wrong file identifier/HTTP URL specified")
	}
	link, err := httpLink(value)
	if err != nil {
		return nil, badRequest("invalid file HTTP URL specified: %s", err.Error())
	}
	name := path.Base(strings.SplitN(link, "?", 2)[0])
	f := c.keep(&file{isPhoto: isPhoto, url: link, name: name, width: 1280, height: 720})
	return f, nil
}

func hasHTTPScheme(s string) bool {
	lower := asciiLower(s[:min(len(s), 8)])
	return strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://")
}

func getFile(c *call) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.Server.files[c.arg("file_id")]
	if f == nil {
		return nil, badRequest("invalid file_id")
	}
	return map[string]any{
		"file_id": f.id, "file_unique_id": "u" + f.id, "file_size": f.size, "file_path": "files/" + f.id,
	}, nil
}

// File is the content of a file that was uploaded; nil if there is none with this id.
func (s *Server) File(id string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.files[id]; f != nil {
		return f.content
	}
	return nil
}

// serveFile gives the bytes of a file, as /file/bot<token>/<file_path> does.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	_, known := s.bots[strings.TrimPrefix(r.PathValue("token"), "bot")]
	f := s.files[strings.TrimPrefix(r.PathValue("path"), "files/")]
	s.mu.Unlock()
	switch {
	case !known:
		s.writeFailure(w, answer(401, "Unauthorized"))
	case f == nil:
		s.writeFailure(w, answer(404, "Not Found"))
	default:
		writeFile(w, r, f)
	}
}

func writeFile(w http.ResponseWriter, r *http.Request, f *file) {
	if f.content == nil {
		http.Redirect(w, r, f.url, http.StatusFound)
		return
	}
	w.Header().Set("Content-Type", f.mime)
	w.Header().Set("Content-Length", strconv.Itoa(len(f.content)))
	_, _ = w.Write(f.content)
}
