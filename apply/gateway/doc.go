// Package gateway asks an OpenAI-compatible gateway for its models, as the proof
// that a base_url and a key belong together.
//
// One call does it: Client.List sends GET {base_url}/models with the key and
// gives an Answer. The Answer is never an error: whatever the network or the
// gateway does falls into one Class, with what was seen in Detail and advice in Hint.
//
// Three ideas keep it safe. The key goes to one origin only: no redirect is
// followed, nothing is sent in clear except to this computer, and addresses that
// serve machine credentials are refused after the name was resolved. Every step
// has a limit, so no server can hold or fill this process. And no byte of the
// server's reaches a text unescaped, unbounded, or with the key in it.
package gateway
