package feedstest

import (
	"hash/fnv"
	"image"
	"image/color"
	"strconv"
)

// landscape draws the picture of an article: a sky over three ranges of hills, in colours that are its own.
func landscape(number int) image.Image {
	hash := fnv.New32a()
	hash.Write([]byte(strconv.Itoa(number))) //nolint:errcheck // a hash
	seed := hash.Sum32()
	const width, height = 640, 360
	high := color.RGBA{R: 40 + uint8(seed%110), G: 90 + uint8(seed>>8%90), B: 150 + uint8(seed>>16%90), A: 255}
	low := color.RGBA{R: 255, G: 232, B: 196, A: 255}
	far, near := color.RGBA{R: 84, G: 148, B: 122, A: 255}, color.RGBA{R: 14, G: 58, B: 54, A: 255}
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for x := range width {
		var tops [3]int
		for i := range tops {
			period := width * (4 - i) / 5
			at := (x + int(seed>>(8*i)%width)) % period // a parabola a period is a hill
			tops[i] = height*(5+i)/9 - (height/3)*4*at*(period-at)/(period*period)*(3-i)/4
		}
		for y := range height {
			c := mix(high, low, y, height)
			for i, top := range tops {
				if y > top {
					c = mix(far, near, i, len(tops)-1)
				}
			}
			picture.SetRGBA(x, y, c)
		}
	}
	return picture
}

// mix is the colour that lies part of the way from one to another.
func mix(from, to color.RGBA, part, of int) color.RGBA {
	blend := func(a, b uint8) uint8 { return uint8((int(a)*(of-part) + int(b)*part) / of) } //nolint:gosec // between a and b
	return color.RGBA{R: blend(from.R, to.R), G: blend(from.G, to.G), B: blend(from.B, to.B), A: 255}
}
