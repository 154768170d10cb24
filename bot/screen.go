package bot

import (
	"github.com/harkara/harkara/bot/message"
)

// screenful is one page of a list that is too long for one screen.
type screenful[T any] struct {
	shown       []T
	page, pages int64
}

// pageOf cuts a list into pages of a size and gives one of them, counted from 0; where there is no such page, as after a press on an old
// screen, the nearest. An empty list has one page.
func pageOf[T any](list []T, page, size int64) screenful[T] {
	n := int64(len(list))
	pages := max(1, (n+size-1)/size)
	page = min(max(page, 0), pages-1)
	return screenful[T]{shown: list[page*size : min(n, (page+1)*size)], page: page, pages: pages}
}

// turns are the buttons that lead from the page to its neighbours.
func (s screenful[T]) turns(p message.Printer, turnTo func(page int64) string) [][]message.Button {
	var back, next string
	if s.page > 0 {
		back = turnTo(s.page - 1)
	}
	if s.page < s.pages-1 {
		next = turnTo(s.page + 1)
	}
	return turns(p, back, next)
}

// turns are the buttons for a page's neighbours, in a row; the data of one that is not there is empty. No neighbours, no row.
func turns(p message.Printer, back, next string) [][]message.Button {
	var row []message.Button
	if back != "" {
		row = append(row, message.Button{Text: p.Text(message.NavPrevious), Data: back})
	}
	if next != "" {
		row = append(row, message.Button{Text: p.Text(message.NavNext), Data: next})
	}
	if row == nil {
		return nil
	}
	return [][]message.Button{row}
}

// press1 is a row of one button.
func press1(text, data string) []message.Button {
	return []message.Button{{Text: text, Data: data}}
}

// marked is the label of a button for what is on or off.
func marked(label string, on bool) string {
	if on {
		return "✅ " + label
	}
	return label
}

// opposite is what a button asks for that shows a state: the other one, as the number on the button.
func opposite(on bool) int64 {
	if on {
		return 0
	}
	return 1
}
