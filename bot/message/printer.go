package message

import (
	"fmt"
	"strings"
	"time"

	"github.com/harkara/harkara/store"
)

// Lang is a language of the bot's own sentences. News stays in the language it was written in.
type Lang string

const (
	// Bengali is the first language; what is not English is Bengali.
	Bengali Lang = "bn"
	// English is the second.
	English Lang = "en"
)

// LangOf gives the language for a tag such as a Telegram client's "en-US": English for any kind of
// English, Bengali for all else.
func LangOf(tag string) Lang {
	tag = strings.ToLower(tag)
	if tag == "en" || strings.HasPrefix(tag, "en-") || strings.HasPrefix(tag, "en_") {
		return English
	}
	return Bengali
}

// Region is the side of the border whose spelling and words are printed.
type Region string

const (
	// Bangladesh prints হলো, কোনো, লাখ, বেলা ১১টা.
	Bangladesh Region = "bd"
	// India prints the forms of West Bengal: হল, কোনও, লক্ষ, সকাল ১১টা.
	India Region = "in"
)

// ParseRegion reads an operator's setting: "bd", "in", or empty for what the time zone suggests.
func ParseRegion(setting string, zone *time.Location) (Region, error) {
	switch Region(strings.ToLower(strings.TrimSpace(setting))) {
	case Bangladesh:
		return Bangladesh, nil
	case India:
		return India, nil
	case "":
		if zone != nil && (zone.String() == "Asia/Dhaka" || zone.String() == "Asia/Dacca") {
			return Bangladesh, nil
		}
		return India, nil
	}
	return "", fmt.Errorf("region %q is neither \"bd\" (Bangladesh) nor \"in\" (India)", setting)
}

// Printer says things in one language, one region's spelling and one time zone. It is a small value,
// safe to copy and to use from many goroutines; the zero value prints Indian Bengali in UTC.
type Printer struct {
	lang   Lang
	region Region
	zone   *time.Location
}

// New makes a printer. A nil zone means UTC.
func New(lang Lang, zone *time.Location, region Region) Printer {
	return Printer{lang: lang, region: region, zone: zone}
}

// For makes a printer of a chat's language and time zone; of zone if the chat chose none.
func For(chat store.Chat, zone *time.Location, region Region) Printer {
	return New(LangOf(chat.Language), ZoneOr(chat.Prefs.Zone, zone), region)
}

// ZoneOr is the time zone with an IANA name, or otherwise if the name is empty or unknown.
func ZoneOr(name string, otherwise *time.Location) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil && name != "" {
		return zone
	}
	return otherwise
}

// Lang is the language it prints.
func (p Printer) Lang() Lang {
	if p.lang == English {
		return English
	}
	return Bengali
}

// Region is the region whose forms it prints.
func (p Printer) Region() Region {
	if p.region == Bangladesh {
		return Bangladesh
	}
	return India
}

// Zone is the time zone in which it prints times.
func (p Printer) Zone() *time.Location {
	if p.zone == nil {
		return time.UTC
	}
	return p.zone
}

// With returns the same printer in another language.
func (p Printer) With(lang Lang) Printer {
	p.lang = lang
	return p
}

// In returns the same printer in another time zone.
func (p Printer) In(zone *time.Location) Printer {
	p.zone = zone
	return p
}
