package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/harkara/harkara/store"
)

func (h house) guard(chat int64, on bool) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.SetGuard(ctx, chat, on) })
}

func (h house) approve(article int64, at time.Time) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx store.Tx) error { return tx.ApproveArticle(ctx, article, at) })
}

// pending lists the articles about which editors are asked.
func (h house) pending() []int64 {
	h.t.Helper()
	var ids []int64
	for _, a := range must[[]store.Approval](h.t)(h.OpenApprovals(h.ctx(), 100)) {
		ids = append(ids, a.Article)
	}
	return ids
}

func approvals(t *testing.T, open Open) {
	const sport, world = 1, 2
	cases(t, open, map[string]func(*testing.T, house){
		"hold what comes while everybody is guarded until it is approved": func(t *testing.T, h house) {
			reader := h.chat(1, store.Everything)
			before := h.article("আগে", morning, []int64{sport})
			h.guard(0, true)
			same(t, "whether everybody is guarded", must[bool](t)(h.Guarded(h.ctx(), 0)), true)
			a := h.article("পরে", morning, []int64{sport})
			if !a.Held || !must[store.Article](t)(h.Article(h.ctx(), a.ID)).Held {
				t.Error("the article is not held")
			}
			same(t, "what waits", h.pending(), []int64{a.ID})
			same(t, "the latest", articleIDs(must[[]store.Article](t)(h.Latest(h.ctx(), []int64{store.Everything}, 0, 9))), []int64{before.ID})
			same(t, "what feeds hold back", len(must[[]store.Article](t)(h.HeldArticles(h.ctx(), 9))), 0)
			h.markAll(morning)
			h.settle(store.Visit{Chat: reader.ID, Upto: a.Seq})
			h.approve(a.ID, at(time.Hour))
			h.markAll(at(time.Hour))
			same(t, "who is due", h.due(at(time.Hour)), []int64{reader.ID})
			same(t, "the log", h.entries(0), []store.Entry{
				{Seq: before.Seq, Article: before.ID, Categories: []int64{sport}, Feeds: []int64{before.Feed}, At: morning},
				{Seq: a.Seq + 1, Article: a.ID, Categories: []int64{sport}, Feeds: []int64{a.Feed}, At: at(time.Hour), Approved: true},
			})
			h.guard(0, false)
			if c := h.article("শেষে", morning, []int64{sport}); c.Held {
				t.Error("an article is held although nobody is guarded")
			}
		},
		"repeat what a guarded channel passed over, for those guarded then": func(t *testing.T, h house) {
			reader, channel, other := h.chat(1, store.Everything), h.chatOf(store.Channel, -1, sport), h.chatOf(store.Channel, -2, world)
			first := h.article("আগে", morning, []int64{sport})
			h.guard(channel.ID, true)
			h.guard(channel.ID, true) // a second time changes nothing
			h.guard(other.ID, true)
			h.guard(other.ID, false)
			a := h.article("পরে", morning, []int64{sport})
			b := h.article("অন্য বিষয়", morning, []int64{world})
			same(t, "what waits", h.pending(), []int64{a.ID})
			same(t, "whether the article is held", a.Held, false)
			h.markAll(morning)
			same(t, "who is due", sorted(h.due(morning)), []int64{reader.ID, channel.ID, other.ID})
			for _, c := range []store.Chat{reader, channel, other} {
				h.settle(store.Visit{Chat: c.ID, Upto: b.Seq})
			}
			h.approve(a.ID, at(time.Hour))
			h.markAll(at(time.Hour))
			same(t, "who is due again", h.due(at(time.Hour)), []int64{channel.ID})
			same(t, "the entries", h.entries(0)[3:], []store.Entry{{
				Seq: b.Seq + 1, Article: a.ID, Categories: []int64{sport}, Feeds: []int64{a.Feed}, At: at(time.Hour), Approved: true, Repeats: a.Seq,
			}})
			guards := must[[]store.Guard](t)(h.Guards(h.ctx()))
			covers := func(chat, seq int64) bool {
				return slices.ContainsFunc(guards, func(g store.Guard) bool { return g.Chat == chat && g.Covers(seq) })
			}
			if covers(channel.ID, first.Seq) || !covers(channel.ID, a.Seq) || !covers(channel.ID, b.Seq) || covers(other.ID, a.Seq) {
				t.Errorf("the guards are %+v", guards)
			}
		},
		"are asked of each further category, until the article is approved": func(t *testing.T, h house) {
			channel := h.chatOf(store.Channel, -1, world)
			h.guard(channel.ID, true)
			a := h.article("ক", morning, []int64{sport})
			same(t, "what waits", len(h.pending()), 0)
			widen := func(categories ...int64) {
				h.write(func(ctx context.Context, tx store.Tx) error {
					return tx.WidenArticle(ctx, a.ID, 7, categories, at(time.Minute))
				})
			}
			widen(world)
			same(t, "what waits then", h.pending(), []int64{a.ID})
			h.approve(a.ID, at(time.Hour))
			widen(3)
			entries := h.entries(0)
			if len(entries) != 5 || entries[2].Repeats != entries[0].Seq || entries[3].Repeats != entries[1].Seq || !slices.Equal(entries[3].Already, []int64{sport}) ||
				!entries[4].Approved || entries[4].Repeats != 0 {
				t.Errorf("the log is %+v", entries)
			}
		},
		"are asked of nobody for history, for what a feed holds back and for who is away": func(t *testing.T, h house) {
			channel := h.chatOf(store.Channel, -1, sport)
			h.guard(channel.ID, true)
			h.article("পুরোনো", morning, []int64{sport}, func(a *store.Article) { a.History = true })
			held := h.article("আটকানো", morning, []int64{sport}, func(a *store.Article) { a.Held = true })
			channel.State = store.Paused
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveChat(ctx, &channel) })
			h.article("কেউ নেই", morning, []int64{sport})
			same(t, "what waits", len(h.pending()), 0)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ReleaseArticle(ctx, held.ID, morning) })
			same(t, "what waits after an editor released it", len(h.pending()), 0)
			entries := h.entries(0)
			if last := entries[len(entries)-1]; last.Article != held.ID || !last.Approved {
				t.Errorf("what an editor released is entered as %+v", last)
			}
		},
		"keep who decided, and the card": func(t *testing.T, h house) {
			h.guard(0, true)
			a := h.article("ক", morning, []int64{sport})
			want := store.Approval{Article: a.ID, State: store.Pending, Asked: morning}
			same(t, "the approval", must[store.Approval](t)(h.Approval(h.ctx(), a.ID)), want)
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.Owe(ctx, &store.Answer{TelegramID: -7, Request: []byte("{}"), At: morning, Card: a.ID})
			})
			want.Owed = true
			same(t, "with its card owed", must[store.Approval](t)(h.Approval(h.ctx(), a.ID)), want)
			answers := must[[]store.Answer](t)(h.Answers(h.ctx(), 0, 10))
			same(t, "the answer's card", answers[0].Card, a.ID)
			h.write(func(ctx context.Context, tx store.Tx) error {
				if err := tx.Answered(ctx, answers[0].ID); err != nil {
					return err
				}
				if err := tx.CardSent(ctx, a.ID, -7, 12); err != nil {
					return err
				}
				return tx.CardSent(ctx, a.ID, -7, 13)
			})
			want.Owed, want.Desk, want.Card = false, -7, 12
			same(t, "with its card sent", must[store.Approval](t)(h.Approval(h.ctx(), a.ID)), want)
			want.State, want.Until, want.By, want.Name, want.At, want.CardAt, want.Shown = store.Delayed, at(2*time.Hour), 5, "অনু", at(time.Hour), at(time.Minute), 1
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveApproval(ctx, want) })
			same(t, "delayed", must[[]store.Approval](t)(h.OpenApprovals(h.ctx(), 9)), []store.Approval{want})
			same(t, "cards of the last hour", must[int](t)(h.CardsSince(h.ctx(), morning)), 1)
			same(t, "cards since", must[int](t)(h.CardsSince(h.ctx(), at(time.Hour))), 0)
			want.State = store.Skipped
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.SaveApproval(ctx, want) })
			same(t, "how many are open", must[int](t)(h.CountOpenApprovals(h.ctx())), 0)
			_, err := h.Approval(h.ctx(), 99)
			isErr(t, "an article nobody asked about", err, store.ErrNotFound)
			isErr(t, "to save it", h.Write(h.ctx(), func(tx store.Tx) error {
				return tx.SaveApproval(h.ctx(), store.Approval{Article: 99, State: store.Skipped})
			}), store.ErrNotFound)
		},
		"may edit, and the feed's later revisions leave that": func(t *testing.T, h house) {
			a := h.article("ক", morning, []int64{sport})
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.EditArticle(ctx, a.ID, "সম্পাদকের শিরোনাম", nil, at(time.Minute))
			})
			edited := must[store.Article](t)(h.Article(h.ctx(), a.ID))
			if edited.Headline != "সম্পাদকের শিরোনাম" || edited.Revision != 2 || !slices.Equal(edited.Summary, a.Summary) || edited.Fingerprint != a.Fingerprint {
				t.Errorf("edited: %+v", edited)
			}
			revised := edited
			revised.Headline, revised.Summary, revised.Revised, revised.Fingerprint = "ফিডের নতুন শিরোনাম", []string{"ফিডের নতুন সারাংশ।"}, at(time.Hour), 9
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.ReviseArticle(ctx, &revised, nil, store.Index{})
			})
			if revised.Headline != "সম্পাদকের শিরোনাম" || !slices.Equal(revised.Summary, []string{"ফিডের নতুন সারাংশ।"}) || revised.Fingerprint != 9 || revised.Revision != 3 {
				t.Errorf("revised: %+v", revised)
			}
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.EditArticle(ctx, a.ID, "", []string{"সম্পাদকের সারাংশ।"}, at(2*time.Hour))
			})
			revised.Summary, revised.Revised = []string{"আরেকটি।"}, at(3*time.Hour)
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.ReviseArticle(ctx, &revised, nil, store.Index{})
			})
			same(t, "the summary", revised.Summary, []string{"সম্পাদকের সারাংশ।"})
		},
		"are forgotten some time after they were decided": func(t *testing.T, h house) {
			channel := h.chatOf(store.Channel, -1, sport)
			h.guard(channel.ID, true)
			a := h.article("ক", morning, []int64{sport})
			h.guard(channel.ID, false)
			h.article("খ", at(time.Hour), []int64{sport})
			prune := func() {
				h.write(func(ctx context.Context, tx store.Tx) error {
					_, err := tx.Prune(ctx, at(2*time.Hour), time.Time{}, time.Time{}, 100)
					return err
				})
			}
			prune()
			same(t, "what waits", h.pending(), []int64{a.ID})
			same(t, "the spans", len(must[[]store.Guard](t)(h.Guards(h.ctx()))), 1)
			h.write(func(ctx context.Context, tx store.Tx) error {
				return tx.SaveApproval(ctx, store.Approval{Article: a.ID, State: store.Skipped, Asked: morning, At: at(time.Hour)})
			})
			prune()
			_, err := h.Approval(h.ctx(), a.ID)
			isErr(t, "the approval", err, store.ErrNotFound)
			same(t, "the spans then", len(must[[]store.Guard](t)(h.Guards(h.ctx()))), 0)
			h.guard(channel.ID, true)
			h.write(func(ctx context.Context, tx store.Tx) error { return tx.ForgetChat(ctx, channel.ID) })
			same(t, "the spans of a forgotten chat", len(must[[]store.Guard](t)(h.Guards(h.ctx()))), 0)
		},
	})
}
