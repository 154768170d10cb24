package main

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// nearest is the choice that somebody meant who wrote word, if one is near enough: a letter wrong in three, at most.
func nearest(word string, choices []string) (string, bool) {
	word = strings.ToLower(word)
	best, found := max(1, utf8.RuneCountInString(word)/3)+1, ""
	for _, choice := range choices {
		if d := distance(word, strings.ToLower(choice)); d < best {
			best, found = d, choice
		}
	}
	return found, found != ""
}

// distance counts the letters by which two words differ: put in, left out, changed, or swapped with the next (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last := []int(nil), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row := []int{i + 1}
		for j := range y {
			changed := last[j]
			if x[i] != y[j] {
				changed++
			}
			d := min(changed, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d = min(d, before[j-1]+1)
			}
			row = append(row, d)
		}
		before, last = last, row
	}
	return last[len(y)]
}

// zones are those that most publishers in Bengali and their readers live in, as choices when another is misspelt.
var zones = []string{
	"Asia/Kolkata", "Asia/Dhaka", "Asia/Dubai", "Asia/Riyadh", "Asia/Qatar", "Asia/Kuwait", "Asia/Muscat", "Asia/Bahrain", "Asia/Singapore",
	"Asia/Kuala_Lumpur", "Europe/London", "Europe/Rome", "Europe/Paris", "Europe/Berlin", "America/New_York", "America/Toronto", "Australia/Sydney", "UTC",
}

// zoneAdvice tells how to write a zone that is not known as written.
func zoneAdvice(written string) string {
	if meant, ok := nearest(written, zones); ok {
		return "did you mean " + meant + "?"
	}
	cities := make([]string, len(zones))
	for i, zone := range zones {
		cities[i] = zone[strings.LastIndexByte(zone, '/')+1:]
	}
	if city, ok := nearest(written, cities); ok {
		return "did you mean " + zones[slices.Index(cities, city)] + "?"
	}
	return "write it like Asia/Kolkata or Asia/Dhaka"
}
