package plan

import "testing"

func TestUnseen(t *testing.T) {
	for _, r := range "\x00\t\n\x7f\u0085\u00a0\u00ad\u034f\u115f\u1160\u17b4\u180b\u180e\u2002\u200b\u200d\u202e\u2028\u2060\u2066\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\U000e0041\U000e0100\U0001d173" {
		if !Unseen(r) {
			t.Errorf("%U is said to be seen", r)
		}
	}
	for _, r := range " aä日\u3000ग़\u0301한🎉→…·¦\u05d0" {
		if Unseen(r) {
			t.Errorf("%U is said not to be seen", r)
		}
	}
}
