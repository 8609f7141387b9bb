package davtest

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	osuser "os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const cyrusBin = "/usr/lib/cyrus/bin/"

// cyrus takes the standards at their word: it schedules by itself (RFC 6638), takes a UID only once per person and hands
// out cards in version 3. What it would send to guests arrives in an outbox instead.
func cyrus() kind {
	return kind{
		name: "cyrus",
		programs: []program{
			{"setsid", "util-linux"},
			{"saslpasswd2", "sasl2-bin"},
			{cyrusBin + "master", "cyrus-imapd"},
			{cyrusBin + "httpd", "cyrus-caldav"},
		},
		prepare: prepareCyrus,
		outbox:  func(dir string) string { return filepath.Join(dir, "notify") },
		ready:   makeCyrusMailbox,
	}
}

func prepareCyrus(dir string, port int) (*exec.Cmd, error) {
	mail, err := freePort()
	if err != nil {
		return nil, err
	}
	for _, d := range []string{"conf/socket", "mail", "sieve", "run"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o700); err != nil {
			return nil, err
		}
	}
	settings, services := filepath.Join(dir, "imapd.conf"), filepath.Join(dir, "cyrus.conf")
	files := map[string]string{
		settings: cyrusSettings(dir), services: cyrusServices(settings, port, mail), mailPort(dir): strconv.Itoa(mail),
	}
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return nil, err
		}
	}
	secret := exec.Command("saslpasswd2", "-p", "-c", "-f", filepath.Join(dir, "sasldb"), "-u", cyrusRealm, user)
	secret.Stdin = strings.NewReader(password)
	if out, err := secret.CombinedOutput(); err != nil {
		return nil, &setupError{err, string(out)}
	}
	// When it ends it ends all of its process group; in one of its own that is nobody else.
	cmd := exec.Command("setsid", cyrusBin+"master", "-C", settings, "-M", services, "-p", filepath.Join(dir, "pid"), "-D")
	cmd.Env = os.Environ()
	me, err := osuser.Current()
	if err != nil {
		return nil, err
	}
	if me.Uid == "0" {
		// It refuses to serve as root and becomes the user that its package made.
		return cmd, giveAway(dir, "cyrus")
	}
	cmd.Env = append(cmd.Env, "CYRUS_USER="+me.Username)
	return cmd, nil
}

// cyrusRealm is where passwords count; Cyrus takes its own name for it.
const cyrusRealm = "127.0.0.1"

func cyrusSettings(dir string) string {
	in := func(name string) string { return filepath.Join(dir, name) }
	return strings.Join([]string{
		"configdirectory: " + in("conf"), "partition-default: " + in("mail"), "sievedir: " + in("sieve"),
		"proc_path: " + in("run/proc"), "mboxname_lockpath: " + in("run/lock"),
		"servername: " + cyrusRealm, "defaultpartition: default", "virtdomains: off", "unixhierarchysep: yes", "altnamespace: yes",
		"autocreate_users: anyone", "autocreate_post: yes", "autocreate_quota: 0",
		"httpmodules: caldav carddav", "httpallowcompress: no", "httptimeout: 20", "httpkeepalive: 20",
		"caldav_allowscheduling: on", "calendar_user_address_set: example.org", "caldav_create_default: yes", "caldav_create_attach: no", "caldav_create_sched: yes",
		"imipnotifier: external", "notifysocket: " + in("notify"),
		"allowplaintext: yes", "sasl_mech_list: PLAIN", "sasl_pwcheck_method: auxprop", "sasl_auxprop_plugin: sasldb",
		"sasl_sasldb_path: " + in("sasldb"),
		"syslog_prefix: zohosync-test", "conversations: no", "",
	}, "\n")
}

func cyrusServices(settings string, port, mail int) string {
	run := func(name, program string) string { return name + ` cmd="` + cyrusBin + program + " -C " + settings }
	// No limit to the children: each connection that a client keeps open takes one.
	return "START {\n" + run("recover", "ctl_cyrusdb") + " -r\"\n}\n" +
		"SERVICES {\n" +
		run("http", "httpd") + `" listen="` + host(port) + "\" prefork=1\n" +
		run("imap", "imapd") + `" listen="` + host(mail) + "\" prefork=0\n}\n" +
		"EVENTS {\n" + run("checkpoint", "ctl_cyrusdb") + " -c\" period=30\n}\n"
}

// mailPort is the file that keeps the port of the mail server for makeCyrusMailbox.
func mailPort(dir string) string { return filepath.Join(dir, "mail-port") }

// makeCyrusMailbox signs in to the mail server once: calendars and address books live under a mailbox, which the first
// sign-in makes.
func makeCyrusMailbox(dir string) error {
	port, err := os.ReadFile(mailPort(dir))
	if err != nil {
		return err
	}
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+string(port), 5*time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		return err
	}
	fmt.Fprintf(c, "a LOGIN %s %s\r\nb LOGOUT\r\n", user, password)
	var said strings.Builder
	buf := make([]byte, 4096)
	for !strings.Contains(said.String(), "\nb OK") {
		n, err := c.Read(buf)
		said.Write(buf[:n])
		if err != nil {
			return fmt.Errorf("signing in to the mail server: %w: %s", err, said.String())
		}
	}
	if !strings.Contains(said.String(), "\na OK") {
		return fmt.Errorf("signing in to the mail server: %s", said.String())
	}
	return nil
}

// giveAway makes a folder and all in it the property of another user, who may also reach it.
func giveAway(dir, name string) error {
	to, err := osuser.Lookup(name)
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(to.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(to.Gid)
	if err != nil {
		return err
	}
	for above := filepath.Dir(dir); within(above, os.TempDir()); above = filepath.Dir(above) {
		info, err := os.Stat(above)
		if err != nil {
			return err
		}
		if err := os.Chmod(above, info.Mode().Perm()|0o011); err != nil {
			return err
		}
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, gid)
	})
}

// within says whether a folder lies below another one.
func within(dir, root string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && rel != "." && filepath.IsLocal(rel)
}
