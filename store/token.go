package store

import (
	"crypto/sha256"
	"encoding/hex"
)

// IngestToken is the setting that holds the hash of the token with which the publisher's own system may hand in articles;
// without one nobody may.
const IngestToken = "ingest.token"

// HashToken is what is kept of a token: SHA-256 in hexadecimal. A token is random and long, so it needs no salt.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
