package bot

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/store"
)

// tokenBytes is how random a token is.
const tokenBytes = 32

// makeToken makes the token with which the publisher's own system hands in articles, and shows it once: what is kept is its
// hash. An earlier one is good no more.
func (t *turn) makeToken() error {
	p, err := t.printer()
	if err != nil {
		return err
	}
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	token := "hk_" + base64.RawURLEncoding.EncodeToString(secret)
	before, err := t.tx.Setting(t.ctx, store.IngestToken)
	if err != nil {
		return fmt.Errorf("read the token: %w", err)
	}
	if err := t.tx.SetSetting(t.ctx, store.IngestToken, store.HashToken(token)); err != nil {
		return fmt.Errorf("keep the token: %w", err)
	}
	m := p.Say(message.TokenMade, "token", message.Whole(token))
	if before != "" {
		m.HTML += "\n\n" + string(p.HTML(message.TokenReplaced))
	}
	m.Buttons = [][]message.Button{press1(p.Text(message.TokenRevokeButton), button.Of(button.RevokeToken))}
	if err := t.record(store.TokenMade, "", ""); err != nil {
		return err
	}
	t.config.Log.Info("a token for handing in articles was made", "by", t.update.Sender().ID)
	t.say(m)
	return nil
}

// pressRevokeToken ends the token.
func (t *turn) pressRevokeToken() error {
	if ok, err := t.allowed(owner); !ok {
		return err
	}
	p, err := t.printer()
	if err != nil {
		return err
	}
	if err := t.tx.SetSetting(t.ctx, store.IngestToken, ""); err != nil {
		return fmt.Errorf("end the token: %w", err)
	}
	if err := t.record(store.TokenRevoked, "", ""); err != nil {
		return err
	}
	t.config.Log.Info("the token for handing in articles was revoked", "by", t.update.Sender().ID)
	t.show(p.Say(message.TokenRevoked))
	return nil
}
