package telegramtest_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/harkara/harkara/bot/telegram/telegramtest"
)

// A message of the usual length, as a bot sends it: JSON with HTML.
var newsText = "<b>" + strings.Repeat("বাংলা ", 12) + "</b>\n\n" + strings.Repeat("খবরের সারাংশ এখানে। ", 14) +
	`\n\n<a href=\"https://example.com/news/1\">example.com</a>`

// BenchmarkSendMessageHandler measures the server's own work for one sendMessage, without sockets.
func BenchmarkSendMessageHandler(b *testing.B) {
	s := telegramtest.New(telegramtest.WithOpenDoor(), telegramtest.WithoutHistory(), telegramtest.WithoutRequestLog())
	path := "/bot" + s.Bot().Token() + "/sendMessage"
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		body := []byte(`{"chat_id":` + strconv.Itoa(1000+i%10_000) + `,"parse_mode":"HTML","text":"` + strings.ReplaceAll(newsText, "\n", `\n`) + `"}`)
		r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Body.String())
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msg/s")
}

// BenchmarkStorm measures how fast Start presses of new readers get into the queue.
func BenchmarkStorm(b *testing.B) {
	for b.Loop() {
		s := telegramtest.New(telegramtest.WithoutHistory())
		if n := s.Bot().Storm(1, 100_000, "l_abc"); n != 100_000 {
			b.Fatal(n)
		}
	}
}
