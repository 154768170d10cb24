package sqlite

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/harkara/harkara/store"
)

// What stands in article.held.
const (
	heldByFeed      = 1 // a feed brought too much at once
	heldForApproval = 2
)

// What stands in article.edited, as bits.
const (
	headlineEdited = 1
	summaryEdited  = 2
)

// Guards implements store.ApprovalReader.
func (r reads) Guards(ctx context.Context) ([]store.Guard, error) {
	guards, err := all(ctx, r, func(r row) (g store.Guard, err error) {
		err = r.Scan(&g.Chat, &g.After, &g.Upto)
		return g, err
	}, `SELECT chat, after, coalesce(upto, 0) FROM guard ORDER BY chat, after`)
	if err != nil {
		return nil, fmt.Errorf("read what is guarded: %w", err)
	}
	return guards, nil
}

// Guarded implements store.ApprovalReader.
func (r reads) Guarded(ctx context.Context, chat int64) (bool, error) {
	on, err := one(ctx, r, value[bool], `SELECT EXISTS (SELECT 1 FROM guard WHERE chat = ? AND upto IS NULL)`, chat)
	if err != nil {
		return false, fmt.Errorf("read whether chat %d is guarded: %w", chat, err)
	}
	return on, nil
}

const selectApproval = `SELECT p.article, p.state, p.asked, p.until, p.by, p.name, p.at, p.desk, p.card, p.card_at, p.shown,
	EXISTS (SELECT 1 FROM answer WHERE card = p.article) FROM approval p `

func scanApproval(r row) (a store.Approval, err error) {
	err = r.Scan(&a.Article, &a.State, moment{&a.Asked}, moment{&a.Until}, &a.By, &a.Name, moment{&a.At}, &a.Desk, &a.Card, moment{&a.CardAt}, &a.Shown, &a.Owed)
	return a, err
}

// Approval implements store.ApprovalReader.
func (r reads) Approval(ctx context.Context, article int64) (store.Approval, error) {
	a, err := one(ctx, r, scanApproval, selectApproval+`WHERE p.article = ?`, article)
	if err != nil {
		return a, fmt.Errorf("read the approval of article %d: %w", article, err)
	}
	return a, nil
}

const openApproval = `p.state IN ('pending', 'later')`

// OpenApprovals implements store.ApprovalReader.
func (r reads) OpenApprovals(ctx context.Context, limit int) ([]store.Approval, error) {
	list, err := all(ctx, r, scanApproval, selectApproval+`WHERE `+openApproval+` ORDER BY p.article LIMIT ?`, limit)
	if err != nil {
		return nil, fmt.Errorf("read what waits for approval: %w", err)
	}
	return list, nil
}

// CountOpenApprovals implements store.ApprovalReader.
func (r reads) CountOpenApprovals(ctx context.Context) (int, error) {
	n, err := one(ctx, r, value[int], `SELECT count(*) FROM approval p WHERE `+openApproval)
	if err != nil {
		return 0, fmt.Errorf("count what waits for approval: %w", err)
	}
	return n, nil
}

// CardsSince implements store.ApprovalReader. Cards are sent of open approvals alone; those decided since count little.
func (r reads) CardsSince(ctx context.Context, since time.Time) (int, error) {
	n, err := one(ctx, r, value[int], `SELECT count(*) FROM approval WHERE card_at >= ?`, since.UnixMilli())
	if err != nil {
		return 0, fmt.Errorf("count the cards of approvals: %w", err)
	}
	return n, nil
}

// SetGuard implements store.ApprovalWriter.
func (t *tx) SetGuard(ctx context.Context, chat int64, on bool) error {
	head, err := t.headOfLog(ctx)
	switch {
	case err != nil:
	case on:
		err = t.run(ctx, `INSERT INTO guard (chat, after) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM guard WHERE chat = ?1 AND upto IS NULL)
			ON CONFLICT DO UPDATE SET upto = NULL`, chat, head)
	default:
		err = t.run(ctx, `UPDATE guard SET upto = ?2 WHERE chat = ?1 AND upto IS NULL`, chat, head)
	}
	if err != nil {
		return fmt.Errorf("guard chat %d: %w", chat, err)
	}
	return nil
}

// guardsAll tells whether everything waits for approval now.
func (t *tx) guardsAll(ctx context.Context) (bool, error) {
	return one(ctx, t.reads, value[bool], `SELECT EXISTS (SELECT 1 FROM guard WHERE chat = 0 AND upto IS NULL)`)
}

// ask makes an approval pending if somebody who is guarded is concerned by news of the categories. News that are the article's
// first concern also those that follow everything.
func (t *tx) ask(ctx context.Context, article int64, categories []int64, first bool, at time.Time) error {
	asked, err := list(categories)
	if err != nil {
		return err
	}
	return t.run(ctx, `INSERT INTO approval (article, state, asked, by, name, desk, card, shown)
		SELECT ?1, 'pending', ?2, 0, '', 0, 0, 0 WHERE EXISTS (SELECT 1 FROM guard g WHERE g.upto IS NULL AND (g.chat = 0 OR EXISTS (
			SELECT 1 FROM subscription s CROSS JOIN bookmark b ON b.chat = s.chat WHERE s.chat = g.chat AND b.active = 1
				AND (?4 AND s.category <= 0 OR s.category IN (SELECT value FROM json_each(?3))))))
		ON CONFLICT DO NOTHING`, article, at.UnixMilli(), asked, first)
}

// SaveApproval implements store.ApprovalWriter.
func (t *tx) SaveApproval(ctx context.Context, a store.Approval) error {
	err := t.must(ctx, `UPDATE approval SET state = ?, until = ?, by = ?, name = ?, at = ?, desk = ?, card = ?, card_at = ?, shown = ? WHERE article = ?`,
		string(a.State), millis(a.Until), a.By, a.Name, millis(a.At), a.Desk, a.Card, millis(a.CardAt), a.Shown, a.Article)
	if err != nil {
		return fmt.Errorf("save the approval of article %d: %w", a.Article, err)
	}
	return nil
}

// CardSent implements store.ApprovalWriter.
func (t *tx) CardSent(ctx context.Context, article, desk int64, card int) error {
	err := t.run(ctx, `UPDATE approval SET desk = ?2, card = ?3 WHERE article = ?1 AND card = 0`, article, desk, card)
	if err != nil {
		return fmt.Errorf("keep the card of article %d: %w", article, err)
	}
	return nil
}

// ApproveArticle implements store.ApprovalWriter.
func (t *tx) ApproveArticle(ctx context.Context, article int64, at time.Time) error {
	if err := t.approveArticle(ctx, article, at); err != nil {
		return fmt.Errorf("approve article %d: %w", article, err)
	}
	return nil
}

func (t *tx) approveArticle(ctx context.Context, article int64, at time.Time) error {
	a, err := t.Article(ctx, article)
	if err != nil || a.Retracted || a.History {
		return err
	}
	if a.Held {
		return t.releaseArticle(ctx, article, at)
	}
	type before struct {
		seq                 int64
		categories, already []int64
		feeds               []int64
	}
	entries, err := all(ctx, t.reads, func(r row) (b before, err error) {
		err = r.Scan(&b.seq, listed[int64]{&b.categories}, listed[int64]{&b.already}, listed[int64]{&b.feeds})
		return b, err
	}, `SELECT seq, categories, already, feeds FROM entry WHERE article = ? AND approved = 0 ORDER BY seq`, article)
	if err != nil {
		return err
	}
	for _, e := range entries {
		seq, err := t.enter(ctx, entry{article: article, categories: e.categories, already: e.already, feeds: e.feeds, at: at, approved: true, repeats: e.seq})
		if err != nil {
			return err
		}
		if err := t.markGuarded(ctx, e.seq, seq, e.categories, len(e.already) == 0, at); err != nil {
			return err
		}
	}
	return nil
}

// markGuarded lets those who were guarded at one number of the log get the entry that repeats it. They are few, and made due at
// once; if everybody was, they are found as for any news.
func (t *tx) markGuarded(ctx context.Context, at, seq int64, categories []int64, first bool, now time.Time) error {
	guards, err := t.Guards(ctx)
	if err != nil {
		return err
	}
	for _, g := range guards {
		switch {
		case !g.Covers(at):
		case g.Chat == 0 && first:
			return t.mark(ctx, seq, false, append([]int64{store.Everything, store.Words}, categories...))
		case g.Chat == 0:
			return t.mark(ctx, seq, false, append([]int64{store.Words}, categories...))
		default:
			err := t.touch(ctx, g.Chat)
			if err == nil { // a chat that is due already, now or later, stays as it is, as in MarkDue
				err = t.run(ctx, `UPDATE bookmark SET due_at = ? WHERE chat = ? AND active = 1 AND due_at IS NULL`, now.UnixMilli(), g.Chat)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// EditArticle implements store.ApprovalWriter.
func (t *tx) EditArticle(ctx context.Context, article int64, headline string, summary []string, at time.Time) error {
	if err := t.editArticle(ctx, article, headline, summary, at); err != nil {
		return fmt.Errorf("edit article %d: %w", article, err)
	}
	return nil
}

func (t *tx) editArticle(ctx context.Context, article int64, headline string, summary []string, at time.Time) error {
	if headline != "" {
		if err := t.must(ctx, `UPDATE article SET headline = ?, edited = edited | ? WHERE id = ?`, headline, headlineEdited, article); err != nil {
			return err
		}
	}
	if summary != nil {
		text, err := list(summary)
		if err != nil {
			return err
		}
		if err := t.must(ctx, `UPDATE article SET summary = ?, edited = edited | ? WHERE id = ?`, text, summaryEdited, article); err != nil {
			return err
		}
	}
	err := t.must(ctx, `UPDATE article SET revision = revision + 1, revised = max(revised + 1, ?) WHERE id = ?`, at.UnixMilli(), article)
	if err != nil {
		return err
	}
	return t.correct(ctx, article, at)
}

// pruneApprovals deletes what was decided long ago, and spans that nothing still open can lie in.
func (t *tx) pruneApprovals(ctx context.Context, before time.Time, limit int64) (int64, error) {
	pruned, err := t.change(ctx, `DELETE FROM approval WHERE article IN (SELECT p.article FROM approval p WHERE NOT `+openApproval+` AND p.at < ? LIMIT ?)`,
		before.UnixMilli(), limit)
	if err != nil {
		return 0, err
	}
	open, err := t.OpenApprovals(ctx, 1)
	if err != nil || slices.ContainsFunc(open, func(a store.Approval) bool { return a.Asked.Before(before) }) {
		return pruned, err
	}
	spans, err := t.change(ctx, `DELETE FROM guard WHERE upto <= coalesce((SELECT seq FROM entry WHERE at < ? ORDER BY seq DESC LIMIT 1), 0)`, before.UnixMilli())
	return pruned + spans, err
}
