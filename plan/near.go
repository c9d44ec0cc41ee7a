package plan

// farthest is the length above which names are not compared: the cost grows with
// the product of both.
const farthest = 64

// Distance counts the edits between two names, a byte more, less or changed, or
// two swapped: what every "did you mean" is measured by. Names of more than 64
// bytes are 64 apart.
func Distance(a, b string) int {
	if len(a) > farthest || len(b) > farthest {
		return farthest
	}
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		rows[2][0] = i
		for j := 1; j <= len(b); j++ {
			rows[2][j] = step(a[:i], b[:j], rows)
		}
		rows[0], rows[1], rows[2] = rows[1], rows[2], rows[0]
	}
	return rows[1][len(b)]
}

// step is the distance of two beginnings, by those of shorter ones.
func step(a, b string, rows [3][]int) int {
	i, j := len(a), len(b)
	cost := 1
	if a[i-1] == b[j-1] {
		cost = 0
	}
	d := min(rows[1][j]+1, rows[2][j-1]+1, rows[1][j-1]+cost)
	if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
		d = min(d, rows[0][j-2]+1)
	}
	return d
}
