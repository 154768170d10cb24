// Package bengali reads Bengali: it makes text comparable, cuts it without
// breaking letters, finds words, stems, sentences and dates in it, and takes
// out what news sites put around their articles.
//
// It is a leaf: it knows letters and language, and nothing of feeds, articles,
// chats or Telegram. All functions take any bytes without panicking, run in
// time linear in their input, and may be called from several goroutines.
//
// Text enters through [Normalize] once, at the door. Everything that is
// compared goes through [Fold], or through [Stems], which builds on it.
package bengali
