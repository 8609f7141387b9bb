package engine

import (
	"context"
	"encoding/json"
	"errors"

	"zohosync/sync/plan"
	"zohosync/sync/provider"
	"zohosync/sync/state"
)

// Failure is why a run failed, as the history keeps it: codes and the name of the account, nothing that a service said.
type Failure struct {
	Code    string `json:"code"`              // of the problem, see Options.Code
	Account string `json:"account,omitempty"` // whose service it was, "" for none
	Side    string `json:"side,omitempty"`
	Later   bool   `json:"later,omitempty"` // trying again may help
}

// PastError is the error of a run that another process carried out.
type PastError struct{ Code string }

func (e *PastError) Error() string { return "the last run ended with: " + e.Code }

// failure is what the history keeps of an error; nil where the run says nothing about the services.
func (r *run) failure(err error) *Failure {
	if err == nil || passing(err) {
		return nil
	}
	f := &Failure{Code: Failed, Later: offline(err)}
	if r.e.opt.Code != nil {
		f.Code = r.e.opt.Code(err)
	}
	var end *EndError
	if errors.As(err, &end) {
		f.Account, f.Side = end.Account, end.Side.String()
	}
	return f
}

// passing: a guard is a question, and who stopped a run or confirmed an old plan knows it.
func passing(err error) bool {
	return errors.Is(err, ErrGuard) || errors.Is(err, ErrMoved) || errors.Is(err, context.Canceled)
}

// err is the error again, as far as it was kept.
func (f *Failure) err(p state.Pair) error {
	var err error = &PastError{Code: f.Code}
	if f.Later {
		err = &provider.RetryError{Err: err}
	}
	for _, side := range plan.Sides {
		if f.Account != "" && f.Side == side.String() {
			err = &EndError{Side: side, Account: f.Account, Title: p.Ends[side].Title, Err: err}
		}
	}
	return err
}

// ended returns the error of the last run of a pair, nil when it ran, and how many runs in a row could not reach a service:
// of this process where it ran the pair, else as the history has it. What ran on the command line is over when somebody asks.
func (e *Engine) ended(ctx context.Context, p state.Pair) (error, int, error) {
	e.board.mu.Lock()
	err, ran := e.board.errs[p.ID]
	misses := e.board.misses[p.ID]
	e.board.mu.Unlock()
	if ran {
		return err, misses, nil
	}
	runs, readErr := e.state.LastRuns(ctx, p.ID, patience)
	if readErr != nil {
		return nil, 0, readErr
	}
	for i, r := range runs {
		var past struct{ Failure *Failure }
		// What cannot be read tells nothing.
		_ = json.Unmarshal([]byte(r.Report), &past)
		if past.Failure == nil {
			break
		}
		if i == 0 {
			err = past.Failure.err(p)
		}
		if !past.Failure.Later {
			break
		}
		misses++
	}
	return err, misses, nil
}
