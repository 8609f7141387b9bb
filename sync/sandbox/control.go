package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// routeControl serves what the demo and tests of other programs need:
//
//	GET    /control                        counters and the log of requests
//	POST   /control/faults                 the next answers to spoil, one Fault or a list; DELETE forgets them
//	GET    /control/records/{module}       all records, as the signed-in user sees them
//	POST   /control/records/{module}       make one, like a person
//	GET, PUT, DELETE /control/records/{module}/{id}   DELETE ?permanent=true also empties it from the recycle bin
//	POST   /control/records/{module}/{id}/restore
//	POST   /control/clock                  {"advance_seconds": N}
//	POST   /control/self-client            {"scopes": "a,b", "minutes": 3} gives {"code": …}
//	POST   /control/device                 {"user_code": …, "decision": "accept" | "reject" | a location}
func (s *Server) routeControl(mux *http.ServeMux) {
	handle := func(pattern string, f http.HandlerFunc) { mux.HandleFunc(pattern, guarded(f)) }
	handle("GET /control", s.controlState)
	handle("POST /control/faults", s.controlFaults)
	handle("DELETE /control/faults", s.controlForget)
	handle("GET /control/records/{module}", s.controlList)
	handle("POST /control/records/{module}", s.controlPut)
	handle("GET /control/records/{module}/{id}", s.controlGet)
	handle("PUT /control/records/{module}/{id}", s.controlEdit)
	handle("DELETE /control/records/{module}/{id}", s.controlDelete)
	handle("POST /control/records/{module}/{id}/restore", s.controlRestore)
	handle("POST /control/clock", s.controlClock)
	handle("POST /control/self-client", s.controlCode)
	handle("POST /control/device", s.controlDevice)
}

// guarded keeps pages of other origins out: a browser sends Origin with whatever could change something.
func guarded(f http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if origin := r.Header.Get("Origin"); origin != "" && origin != base(r) {
			http.Error(w, "not from another site", http.StatusForbidden)
			return
		}
		f(w, r)
	}
}

func (s *Server) controlState(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	m := s.meter
	log := m.log
	if log == nil {
		log = []Request{}
	}
	body := object{"mails": m.mails, "credits": m.total, "automations": m.automations, "faults": len(s.faults), "requests": log}
	text, err := json.Marshal(body)
	s.mu.Unlock()
	if err != nil {
		http.Error(w, "cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(text)
}

// readJSON decodes the body, or answers 400.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(into); err != nil {
		http.Error(w, "not the JSON that is expected here", http.StatusBadRequest)
		return false
	}
	return true
}

func (s *Server) controlFaults(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var list []Fault
	if err == nil && bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		list = make([]Fault, 1)
		err = json.Unmarshal(text, &list[0])
	} else if err == nil {
		err = json.Unmarshal(text, &list)
	}
	good := err == nil
	for _, f := range list {
		good = good && f.valid()
	}
	if !good {
		http.Error(w, "a fault, or a list of faults, of a known kind is expected", http.StatusBadRequest)
		return
	}
	for _, f := range list {
		s.Fault(f)
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) controlForget(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.faults = nil
	s.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) controlList(w http.ResponseWriter, r *http.Request) {
	list := s.Records(r.PathValue("module"))
	if list == nil {
		list = []map[string]any{}
	}
	writeJSON(w, http.StatusOK, list)
}

func (s *Server) controlPut(w http.ResponseWriter, r *http.Request) {
	var values object
	if !readJSON(w, r, &values) {
		return
	}
	id := s.Put(r.PathValue("module"), values)
	if id == "" {
		http.NotFound(w, r)
		return
	}
	writeJSON(w, http.StatusCreated, object{"id": id})
}

func (s *Server) controlGet(w http.ResponseWriter, r *http.Request) {
	record := s.Record(r.PathValue("module"), r.PathValue("id"))
	if record == nil {
		http.NotFound(w, r)
		return
	}
	writeJSON(w, http.StatusOK, record)
}

func (s *Server) controlEdit(w http.ResponseWriter, r *http.Request) {
	var values object
	if readJSON(w, r, &values) {
		found(w, r, s.Edit(r.PathValue("module"), r.PathValue("id"), values))
	}
}

func (s *Server) controlDelete(w http.ResponseWriter, r *http.Request) {
	module, id := r.PathValue("module"), r.PathValue("id")
	done := s.Delete(module, id)
	if r.URL.Query().Get("permanent") == "true" {
		done = s.Purge(module, id)
	}
	found(w, r, done)
}

func (s *Server) controlRestore(w http.ResponseWriter, r *http.Request) {
	found(w, r, s.Restore(r.PathValue("id")))
}

// found answers 204, or 404 where there was no such thing.
func found(w http.ResponseWriter, r *http.Request, is bool) {
	if !is {
		http.NotFound(w, r)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) controlClock(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Seconds int `json:"advance_seconds"`
	}
	if readJSON(w, r, &body) {
		s.Advance(time.Duration(body.Seconds) * time.Second)
		w.WriteHeader(http.StatusNoContent)
	}
}

func (s *Server) controlCode(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Scopes  string
		Minutes int
	}
	if !readJSON(w, r, &body) {
		return
	}
	scopes := allScopes()
	if body.Scopes != "" {
		scopes = strings.Split(body.Scopes, ",")
	}
	if body.Minutes == 0 {
		body.Minutes = 3
	}
	writeJSON(w, http.StatusOK, object{"code": s.SelfClientCode(scopes, time.Duration(body.Minutes)*time.Minute)})
}

func (s *Server) controlDevice(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Code     string `json:"user_code"`
		Decision string
	}
	if readJSON(w, r, &body) {
		found(w, r, s.DecideDevice(body.Code, body.Decision))
	}
}
