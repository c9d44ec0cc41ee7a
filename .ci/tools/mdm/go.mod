module github.com/codexform/codexform/.ci/tools/mdm

go 1.26.5

require (
	github.com/google/go-cmp v0.6.0
	github.com/micromdm/nanolib v0.5.0
	github.com/micromdm/nanomdm v0.9.0
	github.com/micromdm/plist v0.2.2
	howett.net/plist v1.0.1
)

require (
	github.com/smallstep/pkcs7 v0.2.1 // indirect
	golang.org/x/crypto v0.33.0 // indirect
)
