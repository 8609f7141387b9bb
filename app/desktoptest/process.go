//go:build linux

package desktoptest

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// oneThread returns a queue whose functions all run on one thread that lives as long as the test. Programs started there
// with Pdeathsig end with it, even when the test is killed.
func oneThread(t testing.TB) chan<- func() {
	queue := make(chan func())
	t.Cleanup(func() { close(queue) })
	go func() {
		runtime.LockOSThread()
		for f := range queue {
			f()
		}
	}()
	return queue
}

// run starts a program of the desktop; its output goes to a log that is shown when the test fails. It is ended, in the
// reverse order of starting, with the test.
func (d *Desktop) run(prepare func(*exec.Cmd), name string, args ...string) {
	d.t.Helper()
	log, err := os.Create(filepath.Join(d.dir, name+".log"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer log.Close()
	c := exec.Command(name, args...)
	c.Env, c.Dir, c.Stdout, c.Stderr = d.env, d.dir, log, log
	if prepare != nil {
		prepare(c)
	}
	if err := d.begin(c); err != nil {
		d.t.Fatalf("start %s: %v", name, err)
	}
	d.t.Cleanup(func() { end(c) })
}

func (d *Desktop) begin(c *exec.Cmd) error {
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	result := make(chan error)
	d.started <- func() { result <- c.Start() }
	return <-result
}

// end asks a program to end, and makes it after a while.
func end(c *exec.Cmd) {
	// It may have ended by itself.
	_ = c.Process.Signal(syscall.SIGTERM)
	insist := time.AfterFunc(10*time.Second, func() { _ = c.Process.Kill() })
	defer insist.Stop()
	_ = c.Wait()
}

// Run starts a program on this desktop; what its Env holds already is added to Env of the desktop. The test calls Wait;
// a program that was not waited for is killed with the desktop.
func (d *Desktop) Run(c *exec.Cmd) {
	d.t.Helper()
	c.Env = append(d.Env(), c.Env...)
	if err := d.begin(c); err != nil {
		d.t.Fatalf("start %s: %v", c.Path, err)
	}
	d.t.Cleanup(func() {
		if c.ProcessState == nil {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	})
}
