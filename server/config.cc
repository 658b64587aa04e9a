// See config.h.
#include "server/config.h"

#include <cstddef>
#include <functional>
#include <limits>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/base/toml.h"
#include "ledger/folder/known_line.h"
#include "ledger/net/address.h"

namespace fundtrail::server {
namespace {

// A setting: takes the value, or answers what it should have been.
using Setting = std::function<const char*(const toml::node& value)>;
using Settings = std::map<std::string, Setting, std::less<>>;

Setting Text(std::string* target) {
  return [target](const toml::node& value) -> const char* {
    const auto text = value.value_exact<std::string>();
    if (!text.has_value()) return "a text";
    *target = *text;
    return nullptr;
  };
}

Setting YesNo(bool* target) {
  return [target](const toml::node& value) -> const char* {
    const auto yes = value.value_exact<bool>();
    if (!yes.has_value()) return "true or false";
    *target = *yes;
    return nullptr;
  };
}

constexpr std::int64_t kMaxCount = 1'000'000'000'000;

// From `least`, 1 or 0, to `most`, and what the target can hold.
template <typename Number>
Setting Count(Number* target, std::int64_t most = kMaxCount, std::int64_t least = 1) {
  if (static_cast<std::uint64_t>(most) > std::numeric_limits<Number>::max())
    most = std::numeric_limits<Number>::max();
  return [target, most, least](const toml::node& value) -> const char* {
    const auto number = value.value_exact<std::int64_t>();
    if (!number.has_value() || *number < least)
      return least > 0 ? "a whole number above zero" : "a whole number, 0 or more";
    if (*number > most) return "a smaller number";
    *target = static_cast<Number>(*number);
    return nullptr;
  };
}

constexpr std::int64_t kMaxThreads = 1'024;
constexpr std::int64_t kMaxMessageBytes = std::int64_t{1} << 30;  // gRPC counts them in an int

Setting Real(double* target, double least = 0) {
  return [target, least](const toml::node& value) -> const char* {
    const auto number = value.value<double>();
    if (!number.has_value() || !(*number > 0) || *number > 1e9) return "a number above zero";
    if (*number < least) return "a larger number";
    *target = *number;
    return nullptr;
  };
}

Status ReadTable(const toml::table& table, const std::string& name, std::string_view file,
                 const Settings& settings) {
  for (const auto& [key, value] : table) {
    const auto at = absl::StrCat(Escaped(file), " line ", value.source().begin.line, ": ");
    if (name.empty() && value.is_table()) continue;  // read by itself
    const auto setting = settings.find(std::string_view(key.str()));
    const std::string full = name + Escaped(std::string_view(key.str()));
    if (setting == settings.end()) {
      return absl::InvalidArgumentError(absl::StrCat(at, "there is no setting ", full));
    }
    const char* const wanted = setting->second(value);
    if (wanted != nullptr) return absl::InvalidArgumentError(absl::StrCat(at, full, " takes ", wanted));
  }
  return absl::OkStatus();
}

}  // namespace

Status ReadConfig(std::string_view toml_text, std::string_view file, Config* config) {
  FT_ASSIGN_OR_RETURN(const toml::table parsed, ParseToml(toml_text, file));
  Limits& limits = config->limits;
  pipeline::PipelineLimits& pipeline = config->pipeline;
  const std::map<std::string, Settings, std::less<>> tables = {
      {"",
       {{"ledger", Text(&config->ledger)},
        {"listen", Text(&config->listen)},
        {"metrics", Text(&config->metrics)},
        {"backups", Text(&config->backups)},
        {"http", Text(&config->http)},
        {"http_base", Text(&config->http_base)},
        {"http_behind", Text(&config->http_behind)},
        {"http_security_txt", Text(&config->http_security_txt)},
        {"http_source", Text(&config->http_source)},
        {"http_licence", Text(&config->http_licence)},
        {"http_places", Text(&config->http_places)},
        {"http_places_licence", Text(&config->http_places_licence)},
        {"http_places_review", Text(&config->http_places_review)},
        {"http_public", YesNo(&config->http_public)},
        {"policy", Text(&config->policy)},
        {"log_level", Text(&config->log_level)},
        {"stop_seconds", Real(&config->stop_seconds)}}},
      {"copy",
       {{"dir", Text(&config->copy.dir)},
        {"from", Text(&config->copy.from)},
        {"vkey", Text(&config->copy.vkey)},
        {"ca", Text(&config->copy.ca)},
        {"writer", Text(&config->copy.writer)}}},
      {"log",
       {{"patience_seconds", Real(&config->log.patience_seconds)},
        {"group_seconds", Real(&config->log.group_seconds)},
        {"quorum_ok", YesNo(&config->log.quorum_ok)},
        {"go_on_alone", YesNo(&config->log.go_on_alone)},
        {"holder", Text(&config->log.holder)},
        {"address", Text(&config->log.address)},
        {"receipts", Text(&config->log.receipts)}}},
      {"tls",
       {{"cert", Text(&config->tls_cert)},
        {"key", Text(&config->tls_key)},
        {"client_ca", Text(&config->client_ca)}}},
      {"limits",
       {{"connections", Count(&limits.front.connections, 1'000'000)},
        {"connections_per_address", Count(&limits.front.connections_per_address)},
        {"connections_per_second", Real(&limits.front.connections_per_second)},
        {"calls", Count(&limits.front.calls)},
        {"calls_per_address", Count(&limits.front.calls_per_address)},
        {"resets_per_second", Real(&limits.front.resets_per_second)},
        {"frames_per_second", Real(&limits.front.frames_per_second)},
        {"message_seconds", Real(&limits.front.message_seconds)},
        {"request_bytes", Count(&limits.request_bytes, kMaxMessageBytes)},
        {"answer_bytes", Count(&limits.answer_bytes, kMaxMessageBytes)},
        {"batch_entries", Count(&limits.batch_entries)},
        {"stream_window", Count(&limits.stream_window)},
        {"streams_per_connection", Count(&limits.streams_per_connection)},
        {"entry_streams", Count(&limits.entry_streams)},
        {"entry_streams_per_address", Count(&limits.entry_streams_per_address)},
        {"stream_idle_seconds", Real(&limits.stream_idle_seconds)},
        {"trace_paths", Count(&limits.trace_paths)},
        {"question_seconds", Real(&limits.question_seconds)},
        {"question_threads", Count(&limits.question_threads, kMaxThreads)},
        {"questions_waiting", Count(&limits.questions_waiting)},
        {"questions_per_second", Real(&limits.admission.questions_per_second)},
        {"question_burst", Real(&limits.admission.question_burst, 1)},
        {"refusals_per_second", Real(&limits.admission.refusals_per_second)},
        {"refusal_burst", Real(&limits.admission.refusal_burst, 1)},
        {"page_streams", Count(&limits.page_streams)},
        {"page_streams_per_address", Count(&limits.page_streams_per_address)},
        {"page_seconds", Real(&limits.page_seconds)},
        {"sending_bytes", Count(&limits.admission.sending_bytes)},
        {"sending_bytes_per_address", Count(&limits.admission.sending_bytes_per_address)},
        {"memory_bytes", Count(&limits.memory_bytes)},
        {"page_cache_bytes", Count(&limits.page_cache_bytes, kMaxCount, 0)}}},
      {"queue",
       {{"entries", Count(&pipeline.entries)},
        {"bytes", Count(&pipeline.bytes)},
        {"group_entries", Count(&pipeline.group_entries)},
        {"group_bytes", Count(&pipeline.group_bytes)},
        {"group_seconds", Real(&pipeline.group_seconds)},
        {"checkers", Count(&pipeline.checkers, kMaxThreads)}}},
  };
  for (const auto& [key, value] : parsed) {
    if (!value.is_table()) continue;
    const auto known = tables.find(std::string_view(key.str()));
    if (known == tables.end() || known->first.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(Escaped(file), " line ", value.source().begin.line,
                                                     ": there is no table [",
                                                     Escaped(std::string_view(key.str())), "]"));
    }
    FT_RETURN_IF_ERROR(ReadTable(*value.as_table(), known->first + ".", file, known->second));
  }
  return ReadTable(parsed, "", file, tables.at(""));
}

namespace {

constexpr std::size_t kMaxShownSetting = 500;

// One host and one port in figures: civetweb would take a list of addresses.
bool HasOnePort(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  return colon != std::string::npos && colon + 1 < address.size() && address.size() - colon <= 6 &&
         address.find_first_not_of("0123456789", colon + 1) == std::string::npos &&
         std::stoi(address.substr(colon + 1)) <= 65'535;
}

// "https://ledger.example.org", also with a port; links are put after it.
bool IsBase(const std::string& base) {
  constexpr std::string_view kSigns = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
  for (const std::string_view scheme : {"https://", "http://"})
    if (base.rfind(scheme, 0) == 0)
      return base.size() > scheme.size() &&
             base.find_first_not_of(kSigns, scheme.size()) == std::string::npos;
  return false;
}

Status CheckHttp(const Config& config) {
  for (const auto& [setting, text] :
       {std::pair("http_source", &config.http_source), std::pair("http_licence", &config.http_licence),
        std::pair("http_places", &config.http_places),
        std::pair("http_places_licence", &config.http_places_licence),
        std::pair("http_places_review", &config.http_places_review)}) {
    if (config.http.empty() && !text->empty())
      return absl::InvalidArgumentError(
          absl::StrCat(setting, " is for pages over HTTP, and http is not set: set http, or leave it out"));
    if (text->size() > kMaxShownSetting || !IsUtf8(*text))
      return absl::InvalidArgumentError(
          absl::StrCat(setting, " takes a text of at most ", kMaxShownSetting, " bytes"));
  }
  if (!config.http_base.empty() && !IsBase(config.http_base)) {
    return absl::InvalidArgumentError(
        "http_base takes https://HOST without a path, as https://ledger.example.org");
  }
  if (!config.http_behind.empty() && !net::AddressOfIp(config.http_behind).has_value())
    return absl::InvalidArgumentError("http_behind takes an IP address, as 127.0.0.1");
  if (config.http.empty() && !config.http_security_txt.empty()) {
    return absl::InvalidArgumentError(
        "http_security_txt is served over HTTP, and http is not set: set http, or leave http_security_txt "
        "out");
  }
  if (config.http.empty()) return absl::OkStatus();
  if (!HasOnePort(config.http) || config.http.front() == ':' || config.http.rfind("unix:", 0) == 0)
    return absl::InvalidArgumentError("http takes HOST:PORT, as 127.0.0.1:7480");
  if (net::IsLoopback(config.http) || config.http_public) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "http has no TLS, and ", config.http,
      " is reached from others: listen on 127.0.0.1 behind a web server, or set http_public = true"));
}

// What other machines would not remember of this one, or could not read, is no name of it: one would make all of them stand still.
Status CheckLog(const LogConfig& log, bool has_policy) {
  if (log.receipts != "durable" && log.receipts != "cosigned")
    return absl::InvalidArgumentError("log.receipts takes \"durable\" or \"cosigned\"");
  if (log.receipts == "cosigned" && !has_policy)
    return absl::InvalidArgumentError(
        "log.receipts = \"cosigned\" needs policy, the file that names the witnesses and their quorum");
  if (!log.holder.empty() && !folder::IsMachineName(log.holder))
    return absl::InvalidArgumentError(absl::StrCat("log.holder takes a name of at most ",
                                                   folder::kMostMachineName,
                                                   " bytes, in one line and not begun with ="));
  if (!log.address.empty() && log.address.rfind(':') == std::string::npos)
    return absl::InvalidArgumentError("log.address takes HOST:PORT, as ledger-1.example.org:7450");
  if (log.address.size() > folder::kMostMachineName)
    return absl::InvalidArgumentError(
        absl::StrCat("log.address takes HOST:PORT of at most ", folder::kMostMachineName, " bytes"));
  return absl::OkStatus();
}

Status CheckCopy(const Config& config) {
  const CopyConfig& copy = config.copy;
  if (copy.dir.empty()) {
    if (copy.from.empty() && copy.vkey.empty() && copy.ca.empty() && copy.writer.empty())
      return absl::OkStatus();
    return absl::InvalidArgumentError("what is said of a copy needs its folder: give --copy DIR");
  }
  if (!config.ledger.empty())
    return absl::InvalidArgumentError("a ledger or a copy of one is served: give --ledger or --copy");
  if (copy.from.empty())
    return absl::InvalidArgumentError(
        "a copy keeps up with its ledger: give --from URL, the address of the ledger's pages or archive");
  if (!config.policy.empty())
    return absl::InvalidArgumentError("a copy asks no witnesses: the ledger does. Leave out policy");
  if (!config.backups.empty())
    return absl::InvalidArgumentError("a copy makes no backups: it is one. Leave out backups");
  return absl::OkStatus();
}

}  // namespace

Status CheckConfig(const Config& config) {
  FT_RETURN_IF_ERROR(CheckLog(config.log, !config.policy.empty()));
  FT_RETURN_IF_ERROR(CheckCopy(config));
  if (FolderOf(config).empty())
    return absl::InvalidArgumentError("which ledger? Give --ledger DIR, or --copy DIR for a copy of one");
  if (config.listen.rfind(':') == std::string::npos)
    return absl::InvalidArgumentError("listen takes HOST:PORT, as 127.0.0.1:7450");
  if (config.tls_cert.empty() != config.tls_key.empty())
    return absl::InvalidArgumentError("a TLS certificate and its key go together: give both");
  if (!config.client_ca.empty() && config.tls_cert.empty())
    return absl::InvalidArgumentError("a client CA needs TLS: give a certificate and its key too");
  if (config.tls_cert.empty() && !net::IsLoopback(config.listen)) {
    return absl::InvalidArgumentError(
        absl::StrCat("without TLS only this machine may connect, and ", config.listen,
                     " is reached from others: give a TLS certificate and key, or listen on 127.0.0.1"));
  }
  if (!config.metrics.empty() && (!HasOnePort(config.metrics) || !net::IsLoopback(config.metrics) ||
                                  config.metrics.rfind("unix:", 0) == 0)) {
    return absl::InvalidArgumentError(
        "metrics takes HOST:PORT of this machine alone, as 127.0.0.1:7451: they are neither signed nor "
        "encrypted");
  }
  FT_RETURN_IF_ERROR(CheckHttp(config));
  for (const char* level : {"debug", "info", "warn", "error"})
    if (config.log_level == level) return absl::OkStatus();
  return absl::InvalidArgumentError("log_level is one of debug, info, warn, error");
}

}  // namespace fundtrail::server
