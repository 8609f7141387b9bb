package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"zohosync/sync/provider"
)

// DeviceCode is what a person types on another device to sign this one in.
type DeviceCode struct {
	UserCode    string
	URL         string
	CompleteURL string // with the code in it; may be empty
	Expires     time.Time
}

const (
	devicePoll    = 30 * time.Second // one poll per 30 seconds, says Zoho
	deviceMinimum = 5 * time.Second
	deviceLife    = 5 * time.Minute
)

// deviceAnswer covers both endpoints of Zoho's device flow (oauth/devices), which resembles RFC 8628 but has other
// parameters, and times in milliseconds.
type deviceAnswer struct {
	UserCode     string `json:"user_code"`
	DeviceCode   string `json:"device_code"`
	URL          string `json:"verification_url"`
	CompleteURL  string `json:"verification_uri_complete"`
	Interval     int64  `json:"interval"`
	ExpiresIn    int64  `json:"expires_in"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	API          string `json:"api_domain"`
	ExpiresSec   int64  `json:"expires_in_sec"`
	Error        string `json:"error"`
	Description  string `json:"error_description"`
	Location     string `json:"user_location"`
}

// Device signs in without a browser on this computer: show is given a code for another device, then Zoho is polled
// until the person has said yes or no, the code has expired, or ctx ends.
func (s SignIn) Device(ctx context.Context, show func(DeviceCode)) (Grant, error) {
	s, err := s.ready()
	if err != nil {
		return Grant{}, err
	}
	a, err := s.post(ctx, "/oauth/v3/device/code", url.Values{
		"grant_type": {"device_request"}, "client_id": {s.ClientID}, "scope": {strings.Join(s.Scopes, ",")},
		"access_type": {"offline"}, "prompt": {"consent"},
	})
	if err != nil {
		return Grant{}, err
	}
	if a.Error != "" {
		return Grant{}, refusal(a.Error, a.Description)
	}
	if a.DeviceCode == "" || !webAddress(a.URL) {
		return Grant{}, &Error{Code: CodeAnswer}
	}
	if !webAddress(a.CompleteURL) {
		a.CompleteURL = ""
	}
	ends := s.Now().Add(millisOr(a.ExpiresIn, 10_000, deviceLife))
	show(DeviceCode{UserCode: a.UserCode, URL: a.URL, CompleteURL: a.CompleteURL, Expires: ends})
	return s.poll(ctx, a.DeviceCode, max(deviceMinimum, millisOr(a.Interval, 1_000, devicePoll)), ends)
}

func (s SignIn) poll(ctx context.Context, code string, every time.Duration, ends time.Time) (Grant, error) {
	for s.Now().Before(ends) {
		if err := s.Sleep(ctx, every); err != nil {
			return Grant{}, err
		}
		a, err := s.post(ctx, "/oauth/v3/device/token", url.Values{
			"grant_type": {"device_token"}, "client_id": {s.ClientID}, "client_secret": {s.ClientSecret}, "code": {code},
		})
		var later *provider.RetryError
		if errors.As(err, &later) {
			continue // the code is still good when the network is back
		}
		if err != nil {
			return Grant{}, err
		}
		switch strings.ToLower(a.Error) {
		case "":
			return s.deviceGrant(a)
		case "authorization_pending":
		case "slow_down":
			every += 5 * time.Second
		case "other_dc":
			if s.AccountsURL, err = nextAccounts(s.AccountsURL, a.Location); err != nil {
				return Grant{}, err
			}
		default:
			return Grant{}, refusal(a.Error, a.Description)
		}
	}
	return Grant{}, &Error{Code: CodeExpired}
}

func (s SignIn) deviceGrant(a deviceAnswer) (Grant, error) {
	if a.AccessToken == "" {
		return Grant{}, &Error{Code: CodeAnswer}
	}
	access := newAccessToken(a.AccessToken, lifeOf(a.ExpiresIn, a.ExpiresSec != 0), s.Now())
	return grantOf(s.Credentials, answer{access: access, refresh: a.RefreshToken, api: a.API})
}

// post sends a form to the accounts server. Errors come in the body with any status.
func (s SignIn) post(ctx context.Context, path string, form url.Values) (deviceAnswer, error) {
	u := strings.TrimSuffix(s.AccountsURL, "/") + path
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u, strings.NewReader(form.Encode()))
	if err != nil {
		return deviceAnswer{}, &Error{Code: CodeAnswer}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.HTTP.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return deviceAnswer{}, ctx.Err()
		}
		return deviceAnswer{}, &provider.RetryError{Err: fmt.Errorf("%w: %w", errUnanswered, bare(err))}
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 500 {
		return deviceAnswer{}, &provider.RetryError{Err: fmt.Errorf("accounts server: HTTP %d", resp.StatusCode)}
	}
	var a deviceAnswer
	if json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&a) != nil {
		return deviceAnswer{}, &Error{Code: CodeAnswer, Err: fmt.Errorf("HTTP %d", resp.StatusCode)}
	}
	return a, nil
}

// millisOr reads a time that is documented as milliseconds; a number below least can only be seconds.
func millisOr(n, least int64, otherwise time.Duration) time.Duration {
	switch {
	case n <= 0:
		return otherwise
	case n < least:
		return time.Duration(n) * time.Second
	}
	return time.Duration(n) * time.Millisecond
}

func webAddress(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()))
}
