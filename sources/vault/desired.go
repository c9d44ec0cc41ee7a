package vault

// Check judges what the desired state says, before anything is read or sent. Where
// Vault is, is not part of it: VAULT_ADDR may be set where the policy is used.
func (c Config) Check(lookup func(string) (string, bool)) error {
	if c.Address == "" {
		c.Address = "https://vault.example.com"
	}
	_, err := c.resolve(World{LookupEnv: lookup})
	return err
}
