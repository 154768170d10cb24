package drill

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// program is the bot as a process of its own.
type program struct {
	w       *world
	command *exec.Cmd
	log     *tail
	done    chan struct{}
	err     error
	began   time.Time
}

// start runs the bot in this world, at a rate of messages a second; settings are added to its environment as NAME=value.
func (w *world) start(ctx context.Context, rate int, settings ...string) (*program, error) {
	p := &program{w: w, command: w.f.Program(ctx), log: &tail{}, done: make(chan struct{}), began: time.Now()}
	env := p.command.Env
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "HARKARA_") {
			env = append(env, v)
		}
	}
	p.command.Env = append(append(env,
		"HARKARA_API="+w.telegram.URL(), "HARKARA_TOKEN="+w.telegram.Bot().Token(), "HARKARA_DB=sqlite:"+w.path,
		"HARKARA_POLL_EVERY=1s", "HARKARA_ALLOW_HOSTS=127.0.0.1", "HARKARA_TIMEZONE=Asia/Kolkata",
		// Headlines are counted, and articles made by rule may look like one story.
		"HARKARA_STORIES=off", fmt.Sprintf("HARKARA_RATE=%d", rate),
	), settings...)
	p.command.Stdout, p.command.Stderr = p.log, p.log
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start the program: %w", err)
	}
	go func() {
		p.err = p.command.Wait()
		close(p.done)
	}()
	w.f.onTidy(p.kill)
	return p, nil
}

// startPolling starts the bot and waits until it is about to ask for updates, which begins with taking back any webhook.
func (w *world) startPolling(ctx context.Context, rate int, settings ...string) (*program, error) {
	had := w.calls("deleteWebhook")
	p, err := w.start(ctx, rate, settings...)
	if err != nil {
		return nil, err
	}
	return p, p.lives(ctx, time.Minute, "the program polls", func() bool { return w.calls("deleteWebhook") > had })
}

// kill ends the process without letting it do anything more, and waits until it is gone.
func (p *program) kill() {
	_ = p.command.Process.Kill() // it may have ended by itself
	<-p.done
}

// stop asks the process to end, as a supervisor would, and waits until it has.
func (p *program) stop(ctx context.Context) error {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the program: %w; it said:\n%s", errors.Join(err, p.err), p.log)
	}
	select {
	case <-p.done:
	case <-time.After(30 * time.Second):
		p.kill()
		return fmt.Errorf("the program did not stop within 30 s; it said:\n%s", p.log)
	case <-ctx.Done():
		return ctx.Err()
	}
	if p.err != nil {
		return fmt.Errorf("the program ended with %w; it said:\n%s", p.err, p.log)
	}
	return nil
}

// ended tells whether the process is gone.
func (p *program) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

var errEnded = errors.New("its process is gone")

// lives waits for a condition and fails at once if the process ends before it.
func (p *program) lives(ctx context.Context, patience time.Duration, what string, ready func() bool) error {
	gone := false
	err := until(ctx, patience, what, func() bool {
		gone = p.ended()
		return gone || ready()
	})
	if gone && !ready() {
		return fmt.Errorf("wait until %s: the program ended: %w; it said:\n%s", what, errors.Join(errEnded, p.err), p.log)
	}
	if err != nil {
		return fmt.Errorf("%w; the program said:\n%s", err, p.log)
	}
	return nil
}

// usage is what a process has used so far.
type usage struct {
	resident, peak int64 // bytes of memory
	processor      time.Duration
}

// usage reads what the system knows of the process; ok is false where there is no /proc.
func (p *program) usage() (u usage, ok bool) {
	folder := "/proc/" + strconv.Itoa(p.command.Process.Pid)
	status, err := os.ReadFile(folder + "/status")
	if err != nil {
		return u, false
	}
	u.resident, u.peak = procNumber(status, "VmRSS:")<<10, procNumber(status, "VmHWM:")<<10
	if stat, err := os.ReadFile(folder + "/stat"); err == nil {
		// Its fields 14 and 15 count hundredths of a second; what is in front of the ")" may contain anything (proc(5)).
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(fields) > 12 {
			user, _ := strconv.ParseInt(string(fields[11]), 10, 64)
			system, _ := strconv.ParseInt(string(fields[12]), 10, 64)
			u.processor = time.Duration(user+system) * 10 * time.Millisecond
		}
	}
	return u, true
}

func procNumber(text []byte, name string) int64 {
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte(name)); ok {
			fields := bytes.Fields(rest)
			if len(fields) == 0 {
				return 0
			}
			n, _ := strconv.ParseInt(string(fields[0]), 10, 64)
			return n
		}
	}
	return 0
}

// tail keeps the last of what a process says.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailKept = 64 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - tailKept; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(p), nil
}

// String is the last of it.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

// processor reports the time of a processor that one of so many things took since then: a figure that does not depend on who
// else is at work on the machine.
func (p *program) processor(what string, since usage, things int) {
	if now, ok := p.usage(); ok && things > 0 {
		p.w.f.tell("processor time per "+what, fmt.Sprintf("%.0f µs", (now.processor-since.processor).Seconds()*1e6/float64(things)))
	}
}
