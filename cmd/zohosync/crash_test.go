package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"filippo.io/age"

	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
	"zohosync/sync/sandbox/oascheck"
)

// TestKilledAnywhere kills the built program at moments that are drawn by lot, counted in requests, while people go on
// working on both sides. Started again it brings both sides in step: nothing is lost, doubled or brought back, a further
// run writes nothing, and nobody is sent mail (C-2, R6).
//
// ZOHOSYNC_SEED repeats the lots of a run that failed; ZOHOSYNC_SOAK=1 makes it 300 kills, on all servers.
func TestKilledAnywhere(t *testing.T) {
	program := built(t)
	kills, servers := 10, []string{"radicale", "cyrus"}
	if os.Getenv("ZOHOSYNC_SOAK") != "" {
		kills, servers = 300, davtest.All()
	}
	for i, name := range servers {
		t.Run(name, func(t *testing.T) {
			seed := seedOf(t) + uint64(i)
			v := newVictim(t, program, name, rand.New(rand.NewPCG(seed, 4)), sandbox.Options{Unlimited: true, MarkField: seed%2 == 0})
			for done := 0; done < kills/len(servers); {
				done += v.round()
			}
		})
	}
}

// seedOf returns the seed of the lots, and prints it.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano() % 1e6)
	if given := os.Getenv("ZOHOSYNC_SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("ZOHOSYNC_SEED=%d", seed)
	return seed
}

// built builds the program as machines without a display use it.
func built(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "zohosync")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// victim is a home whose program is killed, with a crowd on both sides.
type victim struct {
	*stage
	program string
	gate    *gate
	crowd   *crowd
	server  davtest.Server
	rnd     *rand.Rand
	run     [2]int // requests of the last whole run: all, and those that wrote
}

func newVictim(t *testing.T, program, server string, rnd *rand.Rand, o sandbox.Options) *victim {
	v := &victim{stage: newStage(t), program: program, gate: &gate{}, rnd: rnd}
	v.vault = "file"
	crm := organisation(t, o)
	base := listen(t, v.gate.before(oascheck.Handler(t, crm.Handler())))
	v.addCRM(crm.Info(base))
	v.quickVault()
	v.server = realServer(t, server)
	url := listen(t, v.gate.before(forward(t, v.server.URL)))
	v.do(v.server.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", url, "--user", v.server.User, "--password-stdin")
	v.quickVault()
	v.crowd = gather(v.stage, crm, v.server, rnd)
	v.run = [2]int{30, 6}
	return v
}

// quickVault seals the file of secrets anew with less work, so that no command after it costs a second of it. What writes
// secrets makes it slow again.
func (v *victim) quickVault() {
	v.t.Helper()
	path := filepath.Join(v.home, vaultFile)
	sealed, err := os.ReadFile(path)
	if err != nil {
		v.t.Fatal(err)
	}
	pass := v.env["ZOHOSYNC_PASSPHRASE"]
	identity, err := age.NewScryptIdentity(pass)
	if err != nil {
		v.t.Fatal(err)
	}
	plain, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		v.t.Fatal(err)
	}
	recipient, err := age.NewScryptRecipient(pass)
	if err != nil {
		v.t.Fatal(err)
	}
	recipient.SetWorkFactor(10)
	var again bytes.Buffer
	w, err := age.Encrypt(&again, recipient)
	if err != nil {
		v.t.Fatal(err)
	}
	var secrets bytes.Buffer
	if _, err = secrets.ReadFrom(plain); err == nil {
		_, err = w.Write(secrets.Bytes())
	}
	if err := errors.Join(err, w.Close(), os.WriteFile(path, again.Bytes(), 0o600)); err != nil {
		v.t.Fatal(err)
	}
}

// sync runs the program and, with a moment, kills it there. It returns the exit code, -1 when it was killed.
func (v *victim) sync(at *moment) (code int, printed, diary string) {
	v.t.Helper()
	cmd := exec.Command(v.program, "--home", v.home, "--vault", "file", "--log", "sync", "--json")
	cmd.Env = []string{"LC_ALL=C", "ZOHOSYNC_PASSPHRASE=" + v.env["ZOHOSYNC_PASSPHRASE"], "ZOHOSYNC_CLIENT_SECRET=" + v.env["ZOHOSYNC_CLIENT_SECRET"]}
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	ended := make(chan struct{})
	begun := make(chan struct{})
	v.gate.arm(at, func() {
		<-begun
		_ = cmd.Process.Kill() // It may have ended by itself a moment ago.
		<-ended
	})
	if err := cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	close(begun)
	_ = cmd.Wait() // The exit code says how it went.
	close(ended)
	return cmd.ProcessState.ExitCode(), out.String(), errOut.String()
}

// round lets people work, kills the program once or more, brings both sides in step and compares them. It returns the
// number of kills.
func (v *victim) round() int {
	v.t.Helper()
	kills := 0
	for again := true; again; again = v.rnd.IntN(3) == 0 {
		v.crowd.work(1 + v.rnd.IntN(6))
		m := v.draw()
		code, out, diary := v.sync(&m)
		switch {
		case code == -1:
			kills++
			v.t.Logf("killed at %s", m)
		case code > int(attention):
			v.t.Fatalf("%s: exit %d\n%s%s", m, code, out, diary)
		}
	}
	v.settle()
	v.crowd.inStep()
	if v.t.Failed() {
		v.t.FailNow()
	}
	return kills
}

// draw draws the moment of a kill. Moments of writes are the interesting ones and come more often.
func (v *victim) draw() moment {
	m := moment{of: anything, name: "request", when: when(v.rnd.IntN(int(moments)))}
	most := v.run[0]
	if v.rnd.IntN(3) > 0 {
		m.of, m.name, most = writing, "write", v.run[1]
	}
	m.number = 1 + v.rnd.IntN(max(most, 1))
	return m
}

// settle runs the program until both sides are in step: two runs are enough, and a third writes nothing.
func (v *victim) settle() {
	v.t.Helper()
	for run := range 3 {
		code, out, diary := v.sync(nil)
		seen, writes := v.gate.counts()
		if run == 0 {
			v.run = [2]int{seen, max(writes, v.run[1])}
		}
		if code != int(inStep) && run > 0 {
			v.t.Fatalf("run %d after the kill: exit %d\n%s%s", run+1, code, out, diary)
		}
		if code == int(inStep) && writes == 0 {
			return
		}
		if run == 2 {
			v.t.Fatalf("a third run wrote\n%s%s", out, diary)
		}
	}
}
