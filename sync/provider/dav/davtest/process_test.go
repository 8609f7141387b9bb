package davtest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"zohosync/sync/provider/dav/davtest"
)

// TestMain is also the program that TestAKilledTestLeavesNoServer kills: it runs one server and waits.
func TestMain(m *testing.M) {
	name := os.Getenv("ZOHOSYNC_HOLD")
	if name == "" {
		os.Exit(m.Run())
	}
	s, _, err := davtest.Run(context.Background(), name, os.Getenv("ZOHOSYNC_HOLD_DIR"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(s.URL)
	select {}
}

// A test run that is killed cannot end its servers itself.
func TestAKilledTestLeavesNoServer(t *testing.T) {
	for _, name := range davtest.All() {
		t.Run(name, func(t *testing.T) {
			holder := exec.Command(os.Args[0])
			holder.Env = append(os.Environ(), "ZOHOSYNC_HOLD="+name, "ZOHOSYNC_HOLD_DIR="+t.TempDir())
			holder.Stderr = os.Stderr
			out, err := holder.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := holder.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			u, err := url.Parse(line[:len(line)-1])
			if err != nil {
				t.Fatal(err)
			}
			if err := holder.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = holder.Wait() // It was killed.
			ended(t, u.Host)
		})
	}
}

// ended waits until nobody listens at an address any more.
func ended(t *testing.T, host string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
		if errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if err == nil {
			c.Close()
		}
		select {
		case <-ctx.Done():
			t.Fatal("the server outlives the test that started it")
		case <-again.C:
		}
	}
}
