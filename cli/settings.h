// A reader's own settings: ledgers by name, so that nobody types their addresses and keys again. docs/connecting.md shows the
// file. They become variables of the environment of this process, which every option has; so an option counts for more.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include "ledger/base/status.h"

namespace fundtrail::cli {

inline constexpr std::size_t kMaxSettingsBytes = std::size_t{64} << 10;
inline constexpr std::size_t kMaxNamedLedgers = 1'000;

// By the names of options without "--": "ledger", "client-cert". Values are as the command line takes them.
using OptionValues = std::map<std::string, std::string>;

struct Settings {
  std::string file;   // empty: neither XDG_CONFIG_HOME nor HOME says where. It need not be there
  std::string named;  // the ledger that is asked when nothing else names one; may be empty
  OptionValues all;   // "timeout" and "lang", of every ledger that has none of its own
  std::map<std::string, OptionValues> ledgers;
};

// The settings that options have, in the order in which they are shown; and the variable of each.
struct SettingName {
  const char* option;
  const char* variable;
};
inline constexpr SettingName kSettingNames[] = {{"ledger", "FUNDTRAIL_LEDGER"},
                                                {"server", "FUNDTRAIL_SERVER"},
                                                {"ca", "FUNDTRAIL_CA"},
                                                {"tls", "FUNDTRAIL_TLS"},
                                                {"client-cert", "FUNDTRAIL_CLIENT_CERT"},
                                                {"client-key", "FUNDTRAIL_CLIENT_KEY"},
                                                {"vkey", "FUNDTRAIL_VKEY"},
                                                {"timeout", "FUNDTRAIL_TIMEOUT"},
                                                {"lang", "FUNDTRAIL_LANG"}};

// $XDG_CONFIG_HOME/fundtrail/config.toml, by default under ~/.config. Empty when neither variable is set.
std::string SettingsFile();

// Nothing but its name when the file is not there. INVALID_ARGUMENT, with file and line, for what is no setting.
StatusOr<Settings> ReadSettings(const std::string& file);

// Where each setting that is in force comes from, by its option: "--server", "$FUNDTRAIL_SERVER" or "fts in FILE". What was
// built in is not there.
using SettingOrigins = std::map<std::string, std::string>;

// Puts the settings of the ledger `named` (empty: of the one that the file names) into the environment. `given` says whether
// an option, with its "--", is on the command line. INVALID_ARGUMENT when there is no ledger of that name, or --ledger or
// --server stands beside it.
StatusOr<SettingOrigins> ApplySettings(const Settings& settings, const std::string& named,
                                       const std::function<bool(const std::string& option)>& given);

}  // namespace fundtrail::cli
