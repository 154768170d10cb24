// Package chart draws figures as pictures to be looked at on a phone: columns by day and bars by name, as PNG, with
// labels in Bengali or English.
//
// It shapes Bengali text itself, since neither the standard library nor the usual chart packages join conjuncts and vowel
// signs. It knows nothing of what the figures mean, and takes numbers' looks and all words from its caller.
package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

// Columns are figures by day, or by another step in time, from left to right.
type Columns struct {
	// Title is written large, Subtitle below it; without a subtitle there is no line for it.
	Title, Subtitle string
	// Up and Down name the two rows of figures. Without a name for Down there is one row.
	Up, Down string
	// Level names a line above the columns, of what there is at the end of each step. Without a name there is none.
	Level   string
	Columns []Column
	// Number writes a figure; nil writes ASCII digits.
	Number func(int) string
}

// Column is one step in time. Up stands above the line and Down below it; Level is on the line of levels. None is negative.
type Column struct {
	Label           string
	Up, Down, Level int
}

// Bars are figures by name, from top to bottom as given.
type Bars struct {
	Title, Subtitle string
	Bars            []Bar
	Number          func(int) string
}

// Bar is one name with its figure, which is not negative.
type Bar struct {
	Label string
	Value int
}

// Sizes are in pixels. A phone shows a picture of this width at about a third of its size, so that the smallest letters
// are as high as those of a message.
const (
	width     = 1080
	margin    = 48
	titleSize = 46
	labelSize = 36
	gap       = 24
	plotHigh  = 520
	levelHigh = 300
	barHigh   = 40
	// widestColumn keeps a few columns from looking like a wall.
	widestColumn = 120
)

var (
	paper    = color.White
	ink      = color.RGBA{0x22, 0x2b, 0x36, 0xff}
	faint    = color.RGBA{0xdf, 0xe4, 0xea, 0xff}
	quiet    = color.RGBA{0x5d, 0x6b, 0x7a, 0xff}
	upInk    = color.RGBA{0x2a, 0x8b, 0xd0, 0xff}
	levelInk = color.RGBA{0x3c, 0x9a, 0x6b, 0xff}
	downInk  = color.RGBA{0xd9, 0x73, 0x4a, 0xff}
)

// PNG draws the columns. Labels that would run into each other are left out, evenly, the last one kept.
func (c Columns) PNG() ([]byte, error) {
	p, err := newPen()
	if err != nil {
		return nil, err
	}
	number := numbered(c.Number)
	key := headHigh(c.Subtitle) + gap + labelSize
	var levels, steps axis
	if c.Level != "" {
		levels = c.levelAxis(key + 2*gap)
		key = levels.top + levels.high + gap + labelSize + gap/2
	}
	steps = c.stepAxis(key + 2*gap)
	bottom := steps.top + steps.high
	page := newPage(bottom + gap + labelSize + margin)
	p.head(page, c.Title, c.Subtitle)
	x := p.key(page, c.Up, upInk, margin, key)
	p.key(page, c.Down, downInk, x, key)

	left := max(p.room(levels, number), p.room(steps, number))
	room := width - margin - left
	middle := func(i int) int { return left + (2*i+1)*room/(2*len(c.Columns)) }
	if c.Level != "" {
		p.key(page, c.Level, levelInk, margin, levels.top-2*gap)
		p.grid(page, levels, left, number)
		var line []point
		for i, column := range c.Columns {
			line = append(line, point{float32(middle(i)), float32(levels.y(column.Level))})
		}
		stroke(page, line, levelInk)
	}

	p.grid(page, steps, left, number)
	for i, column := range c.Columns {
		from, to := left+i*room/len(c.Columns), left+(i+1)*room/len(c.Columns)
		inset := max((to-from)/6, (to-from-widestColumn)/2)
		fill(page, image.Rect(from+inset, steps.y(column.Up), to-inset, steps.y(0)), upInk)
		fill(page, image.Rect(from+inset, steps.y(0), to-inset, steps.y(-column.Down)), downInk)
	}
	fill(page, image.Rect(left, steps.y(0)-1, width-margin, steps.y(0)+2), quiet)

	// From the last label, as many others as do not touch, at even distances.
	labels := make([]image.Rectangle, len(c.Columns))
	for i, column := range c.Columns {
		half := p.width(column.Label, labelSize) / 2
		at := max(min(middle(i), width-margin/2-half), margin/2+half)
		labels[i] = image.Rect(at-half, 0, at+half, 1)
	}
	every := 1
	for ; every < len(labels) && touch(labels, every); every++ {
	}
	for i := len(labels) - 1; i >= 0; i -= every {
		p.write(page, c.Columns[i].Label, labels[i].Min.X, bottom+gap+labelSize, labelSize, fromLeft, quiet)
	}
	return encode(page)
}

// touch tells whether of every so many labels, from the last on, two stand closer than a letter's width.
func touch(labels []image.Rectangle, every int) bool {
	for i := len(labels) - 1; i-every >= 0; i -= every {
		if labels[i-every].Max.X+labelSize/2 > labels[i].Min.X {
			return true
		}
	}
	return false
}

// headHigh is where the head of a picture ends.
func headHigh(subtitle string) int {
	if subtitle == "" {
		return margin + titleSize
	}
	return margin + titleSize + gap/2 + labelSize
}

// head writes what the picture shows.
func (p *pen) head(page draw.Image, title, subtitle string) {
	p.write(page, p.fit(title, titleSize, width-2*margin), margin, margin+titleSize-8, titleSize, fromLeft, ink)
	if subtitle != "" {
		p.write(page, p.fit(subtitle, labelSize, width-2*margin), margin, headHigh(subtitle), labelSize, fromLeft, quiet)
	}
}

// axis is a plot's vertical scale, with lines at the steps from lowest to highest.
type axis struct{ top, high, lowest, highest, step int }

func (a axis) y(value int) int {
	return a.top + int(int64(a.highest-value)*int64(a.high)/int64(a.highest-a.lowest))
}

// stepAxis has room for all that goes up and all that goes down.
func (c Columns) stepAxis(top int) axis {
	highest, lowest := 0, 0
	for _, column := range c.Columns {
		highest, lowest = max(highest, column.Up), max(lowest, column.Down)
	}
	step := niceStep(highest + lowest)
	a := axis{top: top, high: plotHigh, step: step, highest: (highest + step - 1) / step * step, lowest: -(lowest + step - 1) / step * step}
	if a.highest == a.lowest {
		a.highest = step
	}
	return a
}

// levelAxis shows the levels between the lowest and the highest of them: beside thousands, a growth of tens would not be seen from zero.
func (c Columns) levelAxis(top int) axis {
	a := axis{top: top, high: levelHigh}
	for i, column := range c.Columns {
		if i == 0 {
			a.highest, a.lowest = column.Level, column.Level
		}
		a.highest, a.lowest = max(a.highest, column.Level), min(a.lowest, column.Level)
	}
	a.step = niceStep((a.highest - a.lowest) * 3 / 2)
	a.lowest = a.lowest / a.step * a.step
	a.highest = max((a.highest+a.step-1)/a.step*a.step, a.lowest+a.step)
	return a
}

// room is where the plot begins beside the numbers of the axis.
func (p *pen) room(a axis, number func(int) string) int {
	left := margin
	for value := a.lowest; a.step > 0 && value <= a.highest; value += a.step {
		left = max(left, margin+p.width(number(abs(value)), labelSize)+16)
	}
	return left
}

// grid draws the lines of an axis with their numbers.
func (p *pen) grid(page draw.Image, a axis, left int, number func(int) string) {
	for value := a.lowest; value <= a.highest; value += a.step {
		fill(page, image.Rect(left, a.y(value)-1, width-margin, a.y(value)+1), faint)
		p.write(page, number(abs(value)), left-16, a.y(value)+labelSize/3, labelSize, fromRight, quiet)
	}
}

// PNG draws the bars: each name on a line of its own, since Bengali names are long and phones narrow, with its bar and figure
// below. Names too long for the line are cut.
func (b Bars) PNG() ([]byte, error) {
	p, err := newPen()
	if err != nil {
		return nil, err
	}
	number := numbered(b.Number)
	const rowHigh = labelSize + 12 + barHigh + gap
	highest, widest := 1, 0
	for _, bar := range b.Bars {
		highest, widest = max(highest, bar.Value), max(widest, p.width(number(bar.Value), labelSize))
	}
	top := headHigh(b.Subtitle) + gap
	page := newPage(top + len(b.Bars)*rowHigh + margin)
	p.head(page, b.Title, b.Subtitle)
	room := width - 2*margin - widest - 16
	for i, bar := range b.Bars {
		y := top + i*rowHigh
		p.write(page, p.fit(bar.Label, labelSize, width-2*margin), margin, y+labelSize, labelSize, fromLeft, ink)
		y += labelSize + 14
		end := margin + bar.Value*room/highest
		fill(page, image.Rect(margin, y, max(end, margin+3), y+barHigh), upInk)
		p.write(page, number(bar.Value), max(end, margin+3)+16, y+barHigh-8, labelSize, fromLeft, quiet)
	}
	return encode(page)
}

// key writes what a colour stands for, and returns where the next one goes.
func (p *pen) key(page draw.Image, name string, ink color.Color, x, baseline int) int {
	if name == "" {
		return x
	}
	fill(page, image.Rect(x, baseline-labelSize*2/3, x+labelSize*2/3, baseline), ink)
	x += labelSize
	p.write(page, name, x, baseline, labelSize, fromLeft, quiet)
	return x + p.width(name, labelSize) + 2*gap
}

// niceStep is a step between lines, of 1, 2 or 5 times a power of ten, that makes at most six of them.
func niceStep(span int) int {
	for step := 1; ; step *= 10 {
		for _, n := range []int{1, 2, 5} {
			if span <= 6*n*step {
				return n * step
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

func numbered(number func(int) string) func(int) string {
	if number == nil {
		return func(n int) string { return fmt.Sprint(n) }
	}
	return number
}

func newPage(high int) *image.RGBA {
	page := image.NewRGBA(image.Rect(0, 0, width, high))
	fill(page, page.Bounds(), paper)
	return page
}

func fill(page draw.Image, area image.Rectangle, ink color.Color) {
	draw.Draw(page, area, image.NewUniform(ink), image.Point{}, draw.Src)
}

func encode(page image.Image) ([]byte, error) {
	var file bytes.Buffer
	if err := png.Encode(&file, page); err != nil {
		return nil, fmt.Errorf("encode a chart: %w", err)
	}
	return file.Bytes(), nil
}
