package sandbox

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"time"
)

// photo answers GET, POST and DELETE of /{module}/{id}/photo.
func (s *Server) photo(c *call, m *module, id string) answer {
	e := m.living(id)
	if m.byField["Record_Image"] == nil {
		return refuse(403, "NOT_SUPPORTED", "photos are not supported in this module", nil)
	}
	if e == nil {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 1})
	}
	done := func(message string) answer {
		return ok(object{"code": "SUCCESS", "details": object{}, "message": message, "status": "success"})
	}
	switch c.method {
	case "GET":
		if e.photo == nil {
			return status(204)
		}
		return answer{status: 200, raw: e.photo, kind: "application/x-download"}
	case "POST":
		picture := readFile(c)
		if picture == nil {
			return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", object{"param_name": "file"})
		}
		e.photo = picture
		m.touch(e, c.user, second(s.now()))
		return done("photo uploaded successfully")
	case "DELETE":
		e.photo = nil
		m.touch(e, c.user, second(s.now()))
		return done("Photo deleted")
	}
	return wrongMethod()
}

// readFile takes the part named file out of a multipart body.
func readFile(c *call) []byte {
	_, params, err := mime.ParseMediaType(c.header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil
	}
	parts := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil
		}
		if part.FormName() == "file" {
			content, err := io.ReadAll(part)
			if err != nil || len(content) == 0 {
				return nil
			}
			return content
		}
	}
}

// cancel answers POST /Events/{id}/actions/cancel.
func (s *Server) cancel(c *call, m *module, id string) answer {
	_, items, bad := c.envelope("data")
	if bad != nil {
		return *bad
	}
	e := m.living(id)
	if e == nil {
		return refuse(400, "INVALID_DATA", "the id given seems to be invalid", object{"resource_path_index": 1})
	}
	o, _ := items[0].(object)
	mail, is := o["send_cancelling_mail"].(bool)
	end, _ := e.values["End_DateTime"].(time.Time)
	switch {
	case !is:
		return refuse(400, "MANDATORY_NOT_FOUND", "required field not found", object{"api_name": "send_cancelling_mail"})
	case invited(e) == 0:
		return refuse(400, "NOT_ALLOWED", "no participants were invited", nil)
	case !s.now().Before(end):
		return refuse(400, "NOT_ALLOWED", "the meeting is over", nil)
	}
	if mail {
		s.meter.mails += invited(e)
	}
	e.values["$event_cancelled"] = true
	m.touch(e, c.user, second(s.now()))
	return answer{status: http.StatusOK, body: object{"data": []any{
		object{"code": "SUCCESS", "details": object{"id": id}, "message": "meeting cancelled", "status": "success"},
	}}}
}
