package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/harkara/harkara/bot/button"
	"github.com/harkara/harkara/bot/message"
	"github.com/harkara/harkara/bot/telegram"
	"github.com/harkara/harkara/store"
)

// writer turns posts into requests. It belongs to the pump.
type writer struct {
	config Config
	read   store.Reader
	// store keeps new subscribe links; nil when nothing may be changed.
	store store.Store
	// photos are the file ids under which Telegram keeps pictures it was given by address.
	photos map[string]string
	// written are requests that many chats share.
	written map[sharedForm]telegram.Request
	// categories by id, as they were at the time.
	categories   map[int64]store.Category
	categoriesAt time.Time
}

// sharedForm is all that the text of a reader's post depends on.
type sharedForm struct {
	post       int64
	language   string
	zone       string
	plain, art bool
}

const (
	photosKept     = 10_000
	writtenKept    = 512
	categoriesSpan = 30 * time.Second
)

func (w *writer) printer(chat store.Chat) message.Printer {
	return message.For(chat, w.config.Zone, w.config.Region)
}

// keepPhoto remembers the file id of a picture that was sent by its address.
func (w *writer) keepPhoto(r telegram.Request, id string) {
	address := r.Params["photo"]
	if address == "" || address == id {
		return
	}
	if w.photos == nil || len(w.photos) >= photosKept {
		w.photos = map[string]string{}
	}
	w.photos[address] = id
	clear(w.written)
}

func (w *writer) photo(address string) string {
	return cmp.Or(w.photos[address], address)
}

// names reads the categories now and then: they seldom change.
func (w *writer) names(ctx context.Context, now time.Time) (map[int64]store.Category, error) {
	if w.categories != nil && now.Sub(w.categoriesAt) < categoriesSpan {
		return w.categories, nil
	}
	all, err := w.read.Categories(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the categories: %w", err)
	}
	w.categories, w.categoriesAt = make(map[int64]store.Category, len(all)), now
	for _, c := range all {
		w.categories[c.ID] = c
	}
	return w.categories, nil
}

// Preview writes the message of a post exactly as the chat would get it. It changes nothing: r may be a transaction,
// and a subscribe link that does not exist yet is shown without its code. It is safe to call while Run runs.
func (d *Delivery) Preview(ctx context.Context, r store.Reader, chat store.Chat, post store.Post) (telegram.Request, error) {
	alone := &Delivery{
		config: d.config, clock: steadyClock{wall: d.config.Now}, writer: writer{config: d.config, read: r},
		doubts: newOpenDoubts(), alarmed: map[string]bool{},
	}
	return alone.compose(ctx, chat, &post)
}

// compose writes the message of a post for a chat.
func (d *Delivery) compose(ctx context.Context, chat store.Chat, post *store.Post) (telegram.Request, error) {
	w := &d.writer
	var bad degradation
	if post.Full() && len(post.Articles) == 1 {
		bad = d.refused[post.Articles[0]]
	}
	form := sharedForm{
		post: post.ID, language: chat.Language, zone: chat.Prefs.Zone, plain: bad.plain,
		art: !(bad.noPhoto || chat.Prefs.NoImages || d.textOnly[chat.ID]),
	}
	shared := chat.Kind == store.Private && post.Shape != store.Welcome && len(post.Mentions) == 0
	request, known := w.written[form]
	if !shared || !known {
		m, err := d.lay(ctx, chat, *post, layOptions{noPhoto: !form.art})
		if err != nil {
			return telegram.Request{}, err
		}
		request = w.request(chat, m, bad.plain)
		if shared {
			if w.written == nil || len(w.written) >= writtenKept {
				w.written = map[sharedForm]telegram.Request{}
			}
			w.written[form] = request
		}
	}
	request = request.To(chat.TelegramID)
	if !shared {
		thread, err := d.threadOf(ctx, chat, post.Articles)
		if err != nil {
			return telegram.Request{}, err
		}
		request.Params.Int("message_thread_id", int64(thread))
	}
	request.Params.Bool("disable_notification", chat.Prefs.Silent && !(chat.Prefs.Urgent && post.Shape == store.Alarm))
	return request, nil
}

// request is the message as a call. What is the chat's own is left to the caller.
func (w *writer) request(chat store.Chat, m message.Message, plain bool) telegram.Request {
	out := telegram.Outgoing{
		ChatID: chat.TelegramID, Text: m.HTML, Photo: w.photo(m.Photo),
		Preview: preview(m), Paid: w.config.Paid,
	}
	if plain {
		out.Text, out.Plain = m.Plain, true
	}
	if len(m.Buttons) > 0 {
		out.Keyboard = keyboard(m)
	}
	return telegram.Send(out)
}

// preview is what the message wants of the previews of links.
func preview(m message.Message) telegram.Preview {
	return telegram.Preview{Off: !m.Preview, URL: m.PreviewURL, Above: m.PreviewAbove}
}

func keyboard(m message.Message) telegram.InlineKeyboard {
	var rows telegram.InlineKeyboard
	for _, row := range m.Buttons {
		var buttons []telegram.Button
		for _, b := range row {
			if b.URL != "" {
				buttons = append(buttons, telegram.Open(b.Text, b.URL))
			} else {
				buttons = append(buttons, telegram.Press(b.Text, b.Data))
			}
		}
		rows = append(rows, buttons)
	}
	return rows
}

// layOptions are the circumstances of one message.
type layOptions struct{ noPhoto, updated, caption bool }

// lay writes the post in the chat's language and form.
func (d *Delivery) lay(ctx context.Context, chat store.Chat, post store.Post, o layOptions) (message.Message, error) {
	p := d.writer.printer(chat)
	now := d.now()
	names, err := d.writer.names(ctx, now)
	if err != nil {
		return message.Message{}, err
	}
	articles, err := d.articlesFor(ctx, chat, post.Articles)
	if err != nil {
		return message.Message{}, err
	}
	options := message.Options{Now: now, NoPhoto: o.noPhoto, Updated: o.updated, Caption: o.caption, Era: d.config.Era}
	if options.Mentions, err = d.articlesFor(ctx, chat, post.Mentions); err != nil {
		return message.Message{}, err
	}
	options.Mentions = slices.DeleteFunc(options.Mentions, func(a store.Article) bool { return a.Retracted })
	private := chat.Kind == store.Private
	switch {
	case post.Shape == store.Welcome:
		options.Buttons = [][]message.Button{{{Text: p.Text(message.TopicsButton), Data: button.Of(button.OpenTopics, 0)}}}
		return p.WelcomeOf(followed(chat, names, p), articles, options), nil
	case len(articles) == 0:
		options.Mentions = nil
		mentioned, err := d.articles(ctx, post.Mentions)
		if err != nil {
			return message.Message{}, err
		}
		options.Heading, options.Folded = p.Text(message.PostMentions), len(mentioned) > message.MaxMentions
		return d.list(p, chat, post, mentioned, options), nil
	case post.Shape == store.Digested:
		if private {
			options.Buttons = append(options.Buttons, []message.Button{{Text: p.Text(message.SettingsHead), Data: button.Of(button.OpenSettings)}})
		}
		// What it had no room for are not the last of its articles: the button shows them all.
		d.offerRest(&options, chat, post, 0)
		m, _ := p.DigestOf(groups(chat, articles, names, p), options)
		return m, nil
	case post.Shape == store.List:
		return d.list(p, chat, post, articles, options), nil
	}
	if !articles[0].Retracted && (private || !chat.Prefs.Form.NoButtons) {
		row, err := d.writer.responseButtons(ctx, p, chat, articles[0], o.updated)
		if err != nil {
			return message.Message{}, err
		}
		options.Buttons = append(options.Buttons, row)
	}
	category := ofChat(chat, articles[0])
	options.Category, options.Hashtag = p.CategoryName(names[category]), message.Hashtag(names[category])
	if chat.Kind != store.Private {
		options.Form = chat.Prefs.Form
		if options.SubscribeURL, err = d.writer.subscribeURL(ctx, chat, category, now); err != nil {
			return message.Message{}, err
		}
	}
	options.Withdrawn = d.log.withdrawn[withdrawn{chat.ID, articles[0].ID}]
	options.Sequel, options.Breaking = post.Shape == store.Sequel, post.Shape == store.Alarm
	return p.Single(articles[0], options), nil
}

// list lays out a post that names many articles.
func (d *Delivery) list(p message.Printer, chat store.Chat, post store.Post, articles []store.Article, o message.Options) message.Message {
	m, printed := p.ListOf(articles, o)
	if len(printed) < len(articles) {
		d.offerRest(&o, chat, post, len(printed))
		m, _ = p.ListOf(articles, o)
	}
	return m
}

// offerRest leads to the articles of a post after the first so many: a reader within the chat, those of a group or channel, who may be many, each to
// a private chat.
func (d *Delivery) offerRest(o *message.Options, chat store.Chat, post store.Post, shown int) {
	if chat.Kind == store.Private {
		o.Rest = button.Of(button.Rest, post.ID, int64(shown))
		return
	}
	o.RestURL, o.Form.NoButtons = RestURL(d.config.BotName(), post.ID, shown), chat.Prefs.Form.NoButtons
}

// articles reads what the log does not hold in memory any more.
func (d *Delivery) articles(ctx context.Context, ids []int64) ([]store.Article, error) {
	list := make([]store.Article, 0, len(ids))
	for _, id := range ids {
		a, ok := d.log.articles[id]
		if !ok {
			var err error
			if a, err = d.writer.read.Article(ctx, id); errors.Is(err, store.ErrNotFound) {
				continue
			} else if err != nil {
				return nil, fmt.Errorf("read article %d: %w", id, err)
			}
		}
		list = append(list, a)
	}
	return list, nil
}

// articlesFor are the articles as the chat is to see them: what was withdrawn from it is retracted there.
func (d *Delivery) articlesFor(ctx context.Context, chat store.Chat, ids []int64) ([]store.Article, error) {
	articles, err := d.articles(ctx, ids)
	for i, a := range articles {
		articles[i].Retracted = a.Retracted || d.log.withdrawn[withdrawn{chat.ID, a.ID}]
	}
	return articles, err
}

// ofChat is the category under which the chat gets the article.
func ofChat(chat store.Chat, a store.Article) int64 {
	for _, c := range a.Categories {
		if slices.Contains(chat.Categories, c) {
			return c
		}
	}
	if len(a.Categories) > 0 {
		return a.Categories[0]
	}
	return store.Everything
}

// followed names what the chat follows; no names means everything.
func followed(chat store.Chat, names map[int64]store.Category, p message.Printer) []string {
	var list []string
	for _, id := range chat.Categories {
		if id == store.Everything {
			return nil
		}
		if c, ok := names[id]; ok {
			list = append(list, p.CategoryName(c))
		}
	}
	return list
}

// groups sorts articles under the categories by which the chat gets them, in the catalogue's order.
func groups(chat store.Chat, articles []store.Article, names map[int64]store.Category, p message.Printer) []message.Group {
	byCategory := map[int64][]store.Article{}
	for _, a := range articles {
		c := ofChat(chat, a)
		byCategory[c] = append(byCategory[c], a)
	}
	var list []message.Group
	for _, id := range slices.SortedFunc(maps.Keys(byCategory), func(a, b int64) int {
		return cmp.Or(cmp.Compare(names[a].Position, names[b].Position), cmp.Compare(a, b))
	}) {
		list = append(list, message.Group{Name: p.CategoryName(names[id]), Articles: byCategory[id]})
	}
	return list
}
