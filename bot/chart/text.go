package chart

import (
	"bytes"
	_ "embed"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"github.com/harkara/harkara/feeds/bengali"
)

//go:embed font/NotoSansBengali-Regular.ttf
var bengaliFont []byte

// faces are the fonts by preference: the first that has a letter draws it.
type faces []*font.Face

// ResolveFace finds the font for a letter; a letter that none has is drawn as the first font's box.
func (f faces) ResolveFace(r rune) *font.Face {
	for _, face := range f {
		if _, ok := face.NominalGlyph(r); ok {
			return face
		}
	}
	return f[0]
}

// parsedFonts are the two fonts, read once. The Latin one is the Go project's, which comes with its package.
var parsedFonts = sync.OnceValues(func() ([]*font.Font, error) {
	var fonts []*font.Font
	for _, file := range [][]byte{goregular.TTF, bengaliFont} {
		face, err := font.ParseTTF(bytes.NewReader(file))
		if err != nil {
			return nil, fmt.Errorf("read a font of charts: %w", err)
		}
		fonts = append(fonts, face.Font)
	}
	return fonts, nil
})

// pen shapes and draws text. It is for one chart: neither faces nor the shaper may be shared between goroutines.
type pen struct {
	faces  faces
	shaper shaping.HarfbuzzShaper
	runs   shaping.Segmenter
}

func newPen() (*pen, error) {
	fonts, err := parsedFonts()
	if err != nil {
		return nil, err
	}
	p := &pen{}
	for _, f := range fonts {
		p.faces = append(p.faces, font.NewFace(f))
	}
	return p, nil
}

// shape turns a line of text into placed glyphs, conjuncts and vowel signs joined, each script in its font; and says how many
// pixels wide it is.
func (p *pen) shape(text string, size int) ([]shaping.Output, int) {
	runes := []rune(text)
	input := shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: di.DirectionLTR, Face: p.faces[0],
		Size: fixed.I(size), Language: language.NewLanguage("bn"),
	}
	var line []shaping.Output
	var width fixed.Int26_6
	for _, run := range p.runs.Split(input, p.faces) {
		shaped := p.shaper.Shape(run)
		width += shaped.Advance
		line = append(line, shaped)
	}
	return line, width.Ceil()
}

func (p *pen) width(text string, size int) int {
	_, width := p.shape(text, size)
	return width
}

// fit shortens a text, between its aksharas, until it is no wider than width.
func (p *pen) fit(text string, size, width int) string {
	if p.width(text, size) <= width {
		return text
	}
	parts := slices.Collect(bengali.Aksharas(text))
	for n := len(parts) - 1; n > 0; n-- {
		if short := strings.TrimSpace(strings.Join(parts[:n], "")) + "…"; p.width(short, size) <= width {
			return short
		}
	}
	return ""
}

// align says on which side of its point a text stands.
type align int

const (
	fromLeft align = iota
	centred
	fromRight
)

// write draws one line of text with its baseline at y.
func (p *pen) write(on draw.Image, text string, x, y, size int, side align, ink color.Color) {
	line, width := p.shape(text, size)
	switch side {
	case centred:
		x -= width / 2
	case fromRight:
		x -= width
	}
	// A box with room for what reaches above, below and beside the line.
	box := image.Rect(x-size/2, y-3*size/2, x+width+size/2, y+size)
	raster := vector.NewRasterizer(box.Dx(), box.Dy())
	at := fixed.I(x - box.Min.X)
	for _, run := range line {
		scale := float32(size) / float32(run.Face.Upem())
		for _, glyph := range run.Glyphs {
			if outline, ok := run.Face.GlyphData(glyph.GlyphID).(font.GlyphOutline); ok {
				trace(raster, outline, pixels(at+glyph.XOffset), float32(y-box.Min.Y)-pixels(glyph.YOffset), scale)
			}
			at += glyph.Advance
		}
	}
	raster.Draw(on, box, image.NewUniform(ink), image.Point{})
}

// point is a place on the page.
type point struct{ x, y float32 }

// stroke draws a line through the points, with a dot on each if they are few.
func stroke(on draw.Image, line []point, ink color.Color) {
	const half, dot, fewDots = 3, 7, 40
	// Each piece is drawn by itself: they overlap at their ends, and a rasterizer adds up what overlaps.
	polygon := func(corners ...point) {
		box := image.Rectangle{}
		for _, c := range corners {
			box = box.Union(image.Rect(int(c.x)-1, int(c.y)-1, int(c.x)+2, int(c.y)+2))
		}
		raster := vector.NewRasterizer(box.Dx(), box.Dy())
		for i, c := range corners {
			x, y := c.x-float32(box.Min.X), c.y-float32(box.Min.Y)
			if i == 0 {
				raster.MoveTo(x, y)
			} else {
				raster.LineTo(x, y)
			}
		}
		raster.ClosePath()
		raster.Draw(on, box, image.NewUniform(ink), image.Point{})
	}
	for i, to := range line {
		if i > 0 {
			from := line[i-1]
			length := float32(math.Hypot(float64(to.x-from.x), float64(to.y-from.y)))
			if length == 0 {
				continue
			}
			nx, ny := half*(to.y-from.y)/length, -half*(to.x-from.x)/length
			polygon(point{from.x + nx, from.y + ny}, point{to.x + nx, to.y + ny}, point{to.x - nx, to.y - ny}, point{from.x - nx, from.y - ny})
		}
		radius := float64(half)
		if len(line) <= fewDots {
			radius = dot
		}
		var corners []point
		for step := range 24 {
			angle := float64(step) * math.Pi / 12
			corners = append(corners, point{to.x + float32(radius*math.Cos(angle)), to.y + float32(radius*math.Sin(angle))})
		}
		polygon(corners...)
	}
}

func pixels(v fixed.Int26_6) float32 { return float32(v) / 64 }

// trace adds a glyph's outline, whose vertical axis points up, with its origin at x, y.
func trace(raster *vector.Rasterizer, outline font.GlyphOutline, x, y, scale float32) {
	open := false
	for _, s := range outline.Segments {
		px := func(i int) (float32, float32) { return x + s.Args[i].X*scale, y - s.Args[i].Y*scale }
		ax, ay := px(0)
		bx, by := px(1)
		cx, cy := px(2)
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if open {
				raster.ClosePath()
			}
			raster.MoveTo(ax, ay)
			open = true
		case opentype.SegmentOpLineTo:
			raster.LineTo(ax, ay)
		case opentype.SegmentOpQuadTo:
			raster.QuadTo(ax, ay, bx, by)
		case opentype.SegmentOpCubeTo:
			raster.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	if open {
		raster.ClosePath()
	}
}
