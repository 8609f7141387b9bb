package auth

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// noKeychain is a vault that cannot be used.
type noKeychain struct{}

func (noKeychain) Get(context.Context, string) (string, error) { return "", noKeychain{}.err() }
func (noKeychain) Set(context.Context, string, string) error   { return noKeychain{}.err() }
func (noKeychain) Delete(context.Context, string) error        { return noKeychain{}.err() }
func (noKeychain) err() error                                  { return fmt.Errorf("%w: no bus", ErrNoKeychain) }

func memory() *memoryVault { return &memoryVault{secrets: map[string]string{}} }

func TestASessionThatIsNotKeptEndsWithTheProcess(t *testing.T) {
	ctx, lasting := t.Context(), memory()
	s := NewSession(lasting)
	if err := s.Set(ctx, "crm/refresh-token", "kept"); err != nil || lasting.secrets["crm/refresh-token"] != "kept" {
		t.Fatalf("kept: %v, %v", lasting.secrets, err)
	}
	s.Brief("crm", true)
	// The token that is still there is the one to be revoked.
	if got, err := s.Get(ctx, "crm/refresh-token"); got != "kept" || err != nil {
		t.Errorf("before the new sign-in: %q, %v", got, err)
	}
	if err := s.Set(ctx, "crm/refresh-token", "brief"); err != nil {
		t.Fatal(err)
	}
	if len(lasting.secrets) > 0 {
		t.Errorf("left in the lasting vault: %v", lasting.secrets)
	}
	if got, err := s.Get(ctx, "crm/refresh-token"); got != "brief" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	// Another account is not touched by it.
	if err := s.Set(ctx, "crm2/refresh-token", "other"); err != nil || lasting.secrets["crm2/refresh-token"] != "other" {
		t.Errorf("another account: %v, %v", lasting.secrets, err)
	}
	if in, err := SignedIn(ctx, NewSession(lasting), "crm"); in || err != nil {
		t.Errorf("the next process is signed in: %v, %v", in, err)
	}
	s.Brief("crm", false)
	if err := s.Set(ctx, "crm/refresh-token", "kept again"); err != nil || lasting.secrets["crm/refresh-token"] != "kept again" {
		t.Fatalf("kept again: %v, %v", lasting.secrets, err)
	}
	if got, _ := s.Get(ctx, "crm/refresh-token"); got != "kept again" {
		t.Errorf("memory hides the newer secret: %q", got)
	}
	if err := s.Delete(ctx, "crm/refresh-token"); err != nil {
		t.Fatal(err)
	}
	if in, err := SignedIn(ctx, s, "crm"); in || err != nil {
		t.Errorf("signed in after all was forgotten: %v, %v", in, err)
	}
}

func TestASessionNeedsNoKeychain(t *testing.T) {
	ctx := t.Context()
	s := NewSession(noKeychain{})
	if err := s.Set(ctx, "crm/refresh-token", "x"); !errors.Is(err, ErrNoKeychain) {
		t.Errorf("to be kept: %v", err)
	}
	if _, err := s.Get(ctx, "crm/refresh-token"); !errors.Is(err, ErrNoKeychain) {
		t.Errorf("kept once: %v", err)
	}
	s.Brief("crm", true)
	if _, err := s.Get(ctx, "crm/refresh-token"); !errors.Is(err, ErrNoSecret) {
		t.Errorf("nothing there: %v", err)
	}
	if err := s.Set(ctx, "crm/refresh-token", "x"); err != nil {
		t.Errorf("in memory: %v", err)
	}
	if in, err := SignedIn(ctx, s, "crm"); !in || err != nil {
		t.Errorf("signed in: %v, %v", in, err)
	}
	if err := s.Delete(ctx, "crm/refresh-token"); err != nil {
		t.Errorf("forget: %v", err)
	}
}

func TestAPasswordSignsIn(t *testing.T) {
	v := memory()
	if err := v.Set(t.Context(), SecretPassword("home"), "x"); err != nil {
		t.Fatal(err)
	}
	if in, err := SignedIn(t.Context(), v, "home"); !in || err != nil {
		t.Errorf("got %v, %v", in, err)
	}
	if _, err := SignedIn(t.Context(), noKeychain{}, "home"); !errors.Is(err, ErrNoKeychain) {
		t.Errorf("got %v", err)
	}
}
