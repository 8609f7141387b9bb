package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"zohosync/sync/provider/all"
	"zohosync/sync/sandbox"
)

func TestSandboxSaysHowToUseIt(t *testing.T) {
	reader, writer := io.Pipe()
	term, _, errOut := testTerminal("")
	term.out = writer
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan exit)
	go func() { ended <- run(ctx, []string{"sandbox", "--contacts", "2", "--seed", "5"}, term) }()
	var info sandbox.Info
	if err := json.NewDecoder(reader).Decode(&info); err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get(info.ControlURL)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("control: %v, %v", answer, err)
	}
	stop()
	if code := <-ended; code != inStep {
		t.Errorf("exit %d: %s", code, errOut)
	}
	for _, listen := range []string{"0.0.0.0:0", "nowhere"} {
		term, _, errOut := testTerminal("")
		if code := run(t.Context(), []string{"sandbox", "--listen", listen}, term); code != failed || !strings.Contains(errOut.String(), "(bad-input: ") {
			t.Errorf("%s: exit %d, %s", listen, code, errOut)
		}
	}
}

func TestDemo(t *testing.T) {
	for _, server := range []string{serviceLocal, "radicale"} {
		t.Run(server, func(t *testing.T) {
			term, out, errOut := testTerminal("")
			term.specs = all.Specs()
			began := time.Now()
			if code := run(t.Context(), []string{"demo", "--contacts", "12", "--tasks", "12", "--events", "12", "--server", server}, term); code != inStep {
				t.Fatalf("exit %d\n%s%s", code, out, errOut)
			}
			if strings.Contains(out.String(), "NO") || strings.Count(out.String(), ": yes") != 10 {
				t.Error(out)
			}
			t.Logf("%.1f s", time.Since(began).Seconds())
		})
	}
	newStage(t).fails(failed, "bad-input", "", "demo", "--tasks", "3")
}

// TestDemoNeedsNothing: with its own server it runs where no other program is installed.
func TestDemoNeedsNothing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	term, out, errOut := testTerminal("")
	term.specs = all.Specs()
	if code := run(t.Context(), []string{"demo", "--contacts", "10", "--tasks", "10", "--events", "10"}, term); code != inStep {
		t.Fatalf("exit %d\n%s%s", code, out, errOut)
	}
}
