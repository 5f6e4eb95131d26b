#pragma once
// What `jieding` can be asked to do: one file per command. Each returns the process's exit code:
// 0 fine, 1 the thing asked for is not so, 2 wrong use.

#include <string>
#include <vector>

#include "config/config.hpp"

namespace jieding::commands {

/// The configuration file and what the command line changes in it (`key.path=value`).
struct Source {
  std::string file;
  std::vector<std::string> overrides;
};

/// Loads the configuration, or prints every complaint on stderr.
std::optional<config::Config> load(const Source& source);

/// `read_only`: shows the record as it stands, sound or not; takes nothing in and writes nothing.
int run(const Source& source, bool read_only);
/// `deep`: also tries what it can: broker, cameras, disk, ports, slots.
int check(const Source& source, bool deep);

struct SupportBundle {
  std::string out;     ///< .tar.gz
  std::string log;     ///< file; empty: the journal of jieding.service
  bool force = false;  ///< may replace `out`
};
/// What somebody far away needs to see, without secrets.
int support_bundle(const Source& source, const SupportBundle& what);

int outbox_status(const Source& source);

/// The public key and its fingerprint, for the notice board.
int ledger_key(const Source& source);
/// Into a folder in the layout of C2SP tlog-tiles, beside a running gateway.
int ledger_export(const Source& source, const std::string& folder);

struct LedgerCheck {
  std::string path;     ///< exported folder, or a .tlog-proof file
  std::string key;      ///< vkey or fingerprint; empty: the folder's own
  std::string against;  ///< file of an older checkpoint; empty: none
};
/// Needs neither gateway nor configuration.
int ledger_verify(const LedgerCheck& what);

struct LedgerProof {
  std::string building, milestone;
  int storey = 0;
  std::string out;     ///< .tlog-proof
  bool force = false;  ///< may replace `out`
};
/// That the newest event of a milestone is in the signed ledger.
int ledger_prove(const Source& source, const LedgerProof& what);
/// Of a stopped gateway. `lost`: the old key cannot sign any more, or must not be believed.
int ledger_rotate_key(const Source& source, bool lost);

struct Quarantine {
  std::string device, reason;  ///< empty: any
  std::size_t count = 50;      ///< listed at most
  std::string out;             ///< JSON lines; export only
  bool force = false;          ///< may replace `out`
};
/// What the doors refused, newest first, with the first of its bytes.
int quarantine_list(const Source& source, const Quarantine& what);
/// All of it with its bytes, oldest first.
int quarantine_export(const Source& source, const Quarantine& what);

/// Prints the address with the viewer token, or a one-time sign-in link for a configured user.
int link_viewer(const Source& source);
int link_sign_in(const Source& source, const std::string& user);

struct Mirror {
  std::string link;  ///< file with what link_viewer printed
  std::string out;   ///< folder that a web server gives out
  int every_s = 30;  ///< seconds from one round to the next
  bool once = false;
  std::size_t most_pictures = 2000;
  std::string ca_file, fingerprint;  ///< of a box whose certificate the system does not trust
};
/// Keeps a folder as the page is for those who only look, until it is told to stop. Needs no
/// configuration: it may run on another machine.
int mirror(const Mirror& what);

struct Replay {
  std::string camera;
  std::string frames;      ///< folder of YYYYMMDDThhmmssZ.jpg
  std::string out;         ///< JSON lines, one per frame
  std::string milestones;  ///< JSON lines; empty: not written
};
int replay(const Source& source, const Replay& what);

struct Calibrate {
  std::string camera;
  std::string picture;               ///< JPEG in which a part of the building stands
  std::string out;                   ///< JPEG with the proposal drawn on it
  std::string building;              ///< empty: the only one
  int storeys_visible = 0;           ///< that stand; with corners: that they span
  std::vector<std::string> corners;  ///< `x,y` of the standing part; empty: found by itself
  double click_error_px = 1;
  bool force = false;  ///< may replace `out`
};
int calibrate(const Source& source, const Calibrate& what);

struct Timelapse {
  std::string camera;
  std::string from, to;  ///< days `2024-08-22` of the site, both within
  std::string out;       ///< MP4
  int fps = 12;          ///< pictures a second
  std::string size;      ///< `1280x720`; empty: as the first picture
  bool force = false;    ///< may replace `out`
};
int timelapse(const Source& source, const Timelapse& what);

}  // namespace jieding::commands
