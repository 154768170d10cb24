package sqlite

import (
	"context"
	"fmt"
	"time"

	"github.com/harkara/harkara/store"
)

// Withdrawals implements store.WithdrawalReader.
func (r reads) Withdrawals(ctx context.Context, chat int64) ([]store.Withdrawal, error) {
	list, err := all(ctx, r, func(r row) (w store.Withdrawal, err error) {
		err = r.Scan(&w.Chat, &w.Article, moment{&w.At})
		return w, err
	}, `SELECT chat, article, at FROM withdrawal WHERE chat = ?1 OR ?1 = 0 ORDER BY chat, article`, chat)
	if err != nil {
		return nil, fmt.Errorf("read what was withdrawn from chat %d: %w", chat, err)
	}
	return list, nil
}

// Withdraw implements store.WithdrawalWriter.
func (t *tx) Withdraw(ctx context.Context, w store.Withdrawal) error {
	if err := t.withdraw(ctx, w); err != nil {
		return fmt.Errorf("withdraw article %d from chat %d: %w", w.Article, w.Chat, err)
	}
	return nil
}

func (t *tx) withdraw(ctx context.Context, w store.Withdrawal) error {
	err := t.run(ctx, `INSERT INTO withdrawal (chat, article, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, w.Chat, w.Article, w.At.UnixMilli())
	if err != nil {
		return err
	}
	if err := t.run(ctx, `UPDATE change SET count = count + 1`); err != nil {
		return err
	}
	number, _ := block(w.Chat)
	return t.run(ctx, `INSERT INTO correction (post, chat, after, since)
		SELECT p.post, ?1, ?1 - 1, ?4 FROM post_article p WHERE p.article = ?2 AND EXISTS (SELECT 1 FROM sent s WHERE s.post = p.post AND s.block = ?3)
		ON CONFLICT DO UPDATE SET after = excluded.after, since = max(since + 1, excluded.since)`, w.Chat, w.Article, number, w.At.UnixMilli())
}

// pruneWithdrawals deletes those of articles that no feed has shown for long.
func (t *tx) pruneWithdrawals(ctx context.Context, before time.Time, limit int64) (int64, error) {
	return t.change(ctx, `DELETE FROM withdrawal WHERE (chat, article) IN (SELECT chat, article FROM withdrawal WHERE at < ? LIMIT ?)`, before.UnixMilli(), limit)
}
