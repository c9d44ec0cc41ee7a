// Command gateway is a gateway on loopback for one key. It prints where it is.
package main

import (
	"fmt"
	"os"

	"github.com/codexform/codexform/apply/gateway/loopback"
	"github.com/codexform/codexform/plan"
)

func main() {
	g, err := loopback.Start(loopback.Config{
		Keys: []plan.Secret{plan.NewSecret([]byte(os.Args[1])), plan.NewSecret([]byte(os.Args[1] + "-new"))}, Models: []string{"gpt-5.4"},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "gateway:", err)
		os.Exit(1)
	}
	fmt.Println(g.Origin())
	select {}
}
