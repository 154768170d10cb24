package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/harkara/harkara/store"
	"github.com/harkara/harkara/store/sqlite"
)

// hammered names the variable that makes the test program the child that is killed.
const hammered = "HARKARA_TEST_HAMMER"

// hammer writes until it is killed. Each commit settles a hundred chats, writes the window, an article and the offset, and then
// tells its number.
func hammer(path string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return err
	}
	at, err := s.Offset(ctx, 1)
	if err != nil {
		return err
	}
	for {
		at++
		err := s.Write(ctx, func(tx store.Tx) error {
			if at == 1 {
				for i := range 100 {
					c := store.Chat{TelegramID: int64(i + 1), Kind: store.Private, Categories: []int64{1}}
					if err := tx.SaveChat(ctx, &c); err != nil {
						return err
					}
				}
			}
			a := store.Article{GUID: fmt.Sprint(at), Text: strings.Repeat("খবর ", 300), FirstSeen: dawn, Published: dawn, Categories: []int64{1}}
			if err := tx.AddArticle(ctx, &a, nil, store.Index{Headline: []string{"খবর", fmt.Sprint(at)}}); err != nil {
				return err
			}
			post := store.Post{Shape: store.Single, Articles: []int64{a.ID}, At: dawn}
			if err := tx.SavePost(ctx, &post); err != nil {
				return err
			}
			var window []store.Flight
			for chat := range int64(100) {
				err := tx.Settle(ctx, store.Visit{Chat: chat + 1, Upto: a.Seq, Sent: &store.Sent{Post: post.ID, Chat: chat + 1, Message: int(at)}})
				if err != nil {
					return err
				}
				window = append(window, store.Flight{Chat: chat + 1, Post: post.ID, Upto: a.Seq})
			}
			if err := tx.SetWindow(ctx, store.Window{Flights: window}); err != nil {
				return err
			}
			return tx.SetOffset(ctx, 1, at)
		})
		if err != nil {
			return err
		}
		fmt.Println(at)
	}
}

func TestAKilledWriterLosesNothingItCommittedAndLeavesNothingHalf(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harkara.db")
	for kill := range 8 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), hammered+"="+path)
		var complaint strings.Builder
		child.Stderr = &complaint
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		var last int64
		for range 1 + kill*7 {
			if !lines.Scan() {
				break
			}
			last = parse(t, lines.Text())
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it had told before the kill came
			if n, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil {
				last = n
			}
		}
		_, _ = io.Copy(io.Discard, out)
		_ = child.Wait() // it was killed
		if complaint.Len() > 0 {
			t.Fatal(complaint.String())
		}
		survey(t, path, last)
	}
}

// survey opens the database that was left and checks that it is what some commit made, not before the one told last.
func survey(t *testing.T, path string, told int64) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	offset, err := s.Offset(t.Context(), 1)
	if err != nil || offset < told {
		t.Fatalf("the offset is %d after %d was told: %v", offset, told, err)
	}
	head, err := s.Head(t.Context())
	if err != nil || head != offset {
		t.Errorf("the head is %d, the offset %d: %v", head, offset, err)
	}
	window, err := s.Window(t.Context())
	if err != nil || len(window.Flights) != 100 || window.Flights[7].Upto != head {
		t.Errorf("the window has %d flights: %v", len(window.Flights), err)
	}
	_, found, err := s.Search(t.Context(), store.SearchQuery{Terms: [][]string{{"খবর"}}}, 0, 1)
	if err != nil || int64(found) != head {
		t.Errorf("%d articles are found of %d: %v", found, head, err)
	}
	for chat := range int64(100) {
		c, err := s.ChatByID(t.Context(), chat+1)
		if err != nil || c.Bookmark != head {
			t.Fatalf("chat %d stands at %d of %d: %v", chat+1, c.Bookmark, head, err)
		}
	}
	last, err := s.LastSent(t.Context(), 50)
	if err != nil || int64(last.Message) != head {
		t.Errorf("the last message is %d: %v", last.Message, err)
	}
}

func parse(t *testing.T, number string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAStoreOpensWithALongLogLeftByAKill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harkara.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.WithoutCheckpoints())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	readers(t, s, 5000)
	// What a kill leaves is what stands in the files now.
	left := filepath.Join(t.TempDir(), "left.db")
	for _, part := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + part)
		if err != nil {
			t.Fatal(err)
		}
		if part != "" && len(content) < 1<<20 {
			t.Fatalf("the log has only %d bytes", len(content))
		}
		if err := os.WriteFile(left+part, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again := openAt(t, left)
	counts, err := again.CountChats(t.Context())
	if err != nil || counts[store.Private][store.Active] != 5000 {
		t.Errorf("the chats are %v: %v", counts, err)
	}
	if err := again.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTheLogBeginsAnewAfterItWasCopiedBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harkara.db")
	s := openAt(t, path)
	var longest int64
	for range 10 {
		for i := range 20 {
			write(t, s, func(tx store.Tx) error { return tx.SetSetting(t.Context(), fmt.Sprint(i), strings.Repeat("x", 50_000)) })
		}
		if _, err := sqlite.CopyLog(s, t.Context()); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		if longest == 0 {
			longest = info.Size()
		}
		if info.Size() > 2*longest {
			t.Fatalf("the log has grown from %d to %d bytes", longest, info.Size())
		}
	}
}
