package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"zohosync/sync/auth"
	"zohosync/sync/plan"
	"zohosync/sync/provider/dav/davtest"
	"zohosync/sync/sandbox"
	"zohosync/sync/sandbox/oascheck"
)

// TestBadNetwork lets the network fail in each of its ways during each stage of a sync, while there is something to make,
// to change and to delete on both sides. When it is calm again both sides are in step: nothing is lost, doubled or
// brought back, and a further run writes nothing.
//
// In make test each way is tried once, at a stage drawn by lot, and each stage is met; ZOHOSYNC_SOAK=1 tries all of them
// at every stage on every server. ZOHOSYNC_SEED repeats the lots.
func TestBadNetwork(t *testing.T) {
	servers, every := []string{"radicale"}, os.Getenv("ZOHOSYNC_SOAK") != ""
	if every {
		servers = davtest.All()
	}
	zerolog.SetGlobalLevel(zerolog.Disabled) // Some toxics log by themselves.
	for _, name := range servers {
		t.Run(name, func(t *testing.T) {
			seed := seedOf(t)
			rnd := rand.New(rand.NewPCG(seed, 5))
			l := newLine(t, name, rnd, sandbox.Options{Unlimited: true, MarkField: seed%2 == 0})
			stages := stages()
			rnd.Shuffle(len(stages), func(i, j int) { stages[i], stages[j] = stages[j], stages[i] })
			for i, h := range hardships() {
				if every {
					for _, st := range stages {
						l.suffer(h, st)
					}
					continue
				}
				l.suffer(h, stages[i%len(stages)])
			}
		})
	}
}

// hardship is one way in which a network fails, from some request on until the run is over.
type hardship struct {
	name   string
	when   when
	toxic  string // for the proxy, as its API wants it
	forge  forgery
	limits *auth.Limits // what the program waits meanwhile; nil: as usual
}

func hardships() []hardship {
	pass := func(w http.ResponseWriter, genuine *httptest.ResponseRecorder) {
		replay(w, genuine, genuine.Body.Len())
	}
	half := func(w http.ResponseWriter, genuine *httptest.ResponseRecorder) {
		replay(w, genuine, genuine.Body.Len()/2)
	}
	page := func(status int, mime, body string) forgery {
		return func(w http.ResponseWriter, _ *httptest.ResponseRecorder) {
			w.Header().Set("Content-Type", mime)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body) // Whoever went away need not read it.
		}
	}
	soon := &auth.Limits{Connect: 2 * time.Second, Answer: 2 * time.Second, Stall: 2 * time.Second}
	sign := page(http.StatusOK, "text/html", "<html><body>Please sign in to the network.</body></html>")
	noise := page(http.StatusOK, "application/octet-stream", "\x00\x01\xff{<\x1b[2J garbage \xfe")
	return []hardship{
		{name: "cut before the request", when: onItsWay},
		{name: "cut after the request", when: answered},
		{name: "reset instead of the answer", when: forged, forge: pass, toxic: `{"type":"reset_peer"}`},
		{name: "cut in the middle of the answer", when: forged, forge: pass, toxic: `{"type":"limit_data","attributes":{"bytes":120}}`},
		{name: "too late", when: forged, forge: pass, limits: soon, toxic: `{"type":"latency","attributes":{"latency":3000}}`},
		{name: "silence", when: forged, forge: pass, limits: soon, toxic: `{"type":"timeout"}`},
		{name: "throttled", when: forged, forge: pass, toxic: `{"type":"bandwidth","attributes":{"rate":16}}`},
		{name: "in crumbs", when: forged, forge: pass, toxic: `{"type":"slicer","attributes":{"average_size":40,"size_variation":20,"delay":200}}`},
		{name: "half the answer", when: forged, forge: half},
		{name: "garbage instead of an answer", when: forged, forge: noise},
		{name: "garbage, and nothing was done", when: onItsWay, forge: noise},
		{name: "the page of a hotel", when: onItsWay, forge: sign},
		{name: "the page of a hotel after all", when: forged, forge: sign},
		{name: "a gateway that gives up", when: forged, forge: page(http.StatusBadGateway, "text/html", "<h1>Bad gateway</h1>")},
		{name: "a server that is being mended", when: onItsWay, forge: page(http.StatusServiceUnavailable, "text/plain", "later")},
		{name: "an empty answer", when: onItsWay, forge: page(http.StatusOK, "text/plain", "")},
	}
}

// replay gives the genuine answer, or its beginning.
func replay(w http.ResponseWriter, genuine *httptest.ResponseRecorder, length int) {
	for name, values := range genuine.Header() {
		w.Header()[name] = values
	}
	w.Header().Del("Content-Length")
	w.WriteHeader(genuine.Code)
	_, _ = w.Write(genuine.Body.Bytes()[:length]) // 204 and 304 have none.
}

// phase is a stage of a sync on one side, as its requests tell it.
type phase struct {
	name string
	side plan.Side
	of   func(*http.Request) bool
}

func stages() []phase {
	crm := func(method string) func(*http.Request) bool {
		return func(r *http.Request) bool { return r.Method == method && strings.HasPrefix(r.URL.Path, "/crm/") }
	}
	dav := func(methods ...string) func(*http.Request) bool {
		return func(r *http.Request) bool { return slices.Contains(methods, r.Method) }
	}
	put := func(condition string) func(*http.Request) bool {
		return func(r *http.Request) bool { return r.Method == http.MethodPut && r.Header.Get(condition) != "" }
	}
	return []phase{
		{"discovery", plan.Left, crm(http.MethodGet)}, {"create", plan.Left, crm(http.MethodPost)},
		{"update", plan.Left, crm(http.MethodPut)}, {"delete", plan.Left, crm(http.MethodDelete)},
		{"discovery", plan.Right, dav("PROPFIND", "REPORT")}, {"create", plan.Right, put("If-None-Match")},
		{"update", plan.Right, put("If-Match")}, {"delete", plan.Right, dav(http.MethodDelete)},
	}
}

// line is a home with a bad network to both services.
type line struct {
	*stage
	rnd   *rand.Rand
	crowd *crowd
	gates [2]*gate
	wires [2]*toxiproxy.Proxy
}

func newLine(t *testing.T, server string, rnd *rand.Rand, o sandbox.Options) *line {
	l := &line{stage: newStage(t), rnd: rnd, gates: [2]*gate{{}, {}}}
	crm := organisation(t, o)
	l.addCRM(crm.Info(l.wire(plan.Left, oascheck.Handler(t, crm.Handler()))))
	running := realServer(t, server)
	url := l.wire(plan.Right, forward(t, running.URL))
	l.do(running.Password+"\n", "account", "add", "caldav", "--name", "home", "--url", url, "--user", running.User, "--password-stdin")
	l.crowd = gather(l.stage, crm, running, rnd)
	return l
}

// wire leads to a service through a gate and a proxy that can spoil every byte.
func (l *line) wire(side plan.Side, service http.Handler) string {
	l.t.Helper()
	behind := listen(l.t, l.gates[side].before(service))
	api := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	wire := toxiproxy.NewProxy(api, side.String(), "127.0.0.1:0", strings.TrimPrefix(behind, "http://"))
	if err := wire.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(wire.Stop)
	l.wires[side] = wire
	return "http://" + wire.Listen
}

// suffer runs one sort of item through a sync with a bad network, and then through calm ones.
func (l *line) suffer(h hardship, st phase) {
	l.t.Helper()
	k := l.rnd.IntN(len(sorts()))
	pair := sorts()[k].pair
	l.crowd.busy(k)
	l.settle(pair)
	l.crowd.inStep()
	l.crowd.everything(k)
	l.gates[st.side].arm(&moment{number: 1, of: st.of, when: h.when, lasts: true, forge: h.forge}, func() {
		if h.toxic == "" {
			return
		}
		if _, err := l.wires[st.side].Toxics.AddToxicJson(strings.NewReader(h.toxic)); err != nil {
			l.t.Error(err)
		}
	})
	l.limits = h.limits
	code, out, errOut := l.try("", "sync", pair, "--json")
	l.limits = nil
	if l.gates[st.side].strikes() == 0 && h.limits == nil {
		l.t.Errorf("%s, %s of a %s on the %s: the run never came there", h.name, st.name, sorts()[k].kind, st.side)
	}
	for _, side := range plan.Sides {
		l.gates[side].arm(nil, nil)
		l.wires[side].Toxics.ResetToxics(l.t.Context())
	}
	if code == guarded {
		l.t.Errorf("a guard stopped the run\n%s%s", out, errOut)
	}
	said := "in step"
	if code != inStep {
		said = fmt.Sprint("exit ", int(code))
	}
	l.t.Logf("%s, %s of a %s on the %s: %s", h.name, st.name, sorts()[k].kind, st.side, said)
	l.settle(pair)
	l.crowd.inStep()
	if l.t.Failed() {
		l.t.Fatalf("after %s, %s on the %s\n%s%s", h.name, st.name, st.side, out, errOut)
	}
}

// settle runs the pair until a run writes nothing: the third at the latest.
func (l *line) settle(pair string) {
	l.t.Helper()
	for run := range 3 {
		for _, g := range l.gates {
			g.arm(nil, nil)
		}
		code, out, errOut := l.try("", "sync", pair, "--json")
		_, left := l.gates[0].counts()
		_, right := l.gates[1].counts()
		if code != inStep && run > 0 {
			l.t.Fatalf("run %d: exit %d\n%s%s", run+1, code, out, errOut)
		}
		if code == inStep && left+right == 0 {
			return
		}
		if run == 2 {
			l.t.Fatalf("a third run wrote\n%s%s", out, errOut)
		}
	}
}
