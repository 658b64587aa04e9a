// See publicity.h.
#include "cli/render/publicity.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/people.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {
namespace {

constexpr std::size_t kMaxListed = 3;

std::string KindWord(v1::Announce::Kind kind) {
  return v1::Announce::Kind_IsValid(kind) ? absl::AsciiStrToLower(model::WordOf(kind)) : "?";
}

// "a, b, c and 2 more".
template <typename Texts>
Shown Listed(const Texts& texts) {
  Shown words;
  std::size_t shown = 0;
  for (const auto& text : texts) {
    if (shown == kMaxListed) break;
    words += shown++ == 0 ? Safe(text) : Say(", {}", text);
  }
  const std::size_t all = static_cast<std::size_t>(texts.size());
  if (all > shown) words += Say(" and {} more", all - shown);
  return words;
}

// Where it stands: "board Village hall; web".
Shown ChannelWords(const v1::Announce& notice) {
  Shown words;
  for (const v1::NoticeChannel& channel : notice.channels()) {
    const std::string kind = v1::NoticeChannel::Kind_IsValid(channel.kind())
                                 ? absl::AsciiStrToLower(model::WordOf(channel.kind()))
                                 : "?";
    if (!words.empty()) words += "; ";
    words += OwnWord(kind);
    if (!channel.where().empty()) words += Say(" {}", channel.where());
  }
  return words;
}

Shown WayText(const v1::Way& way) {
  const std::string kind =
      v1::Way::Kind_IsValid(way.kind()) ? absl::AsciiStrToLower(model::WordOf(way.kind())) : "?";
  // A unit of time is another word.
  const Shown word = way.kind() == v1::Way::KIND_TIME
                         ? Shown::Made(kind, std::string(ChineseOf("time of people")))
                         : OwnWord(kind);
  Shown text = Say("    {}: {}", word, way.what());
  if (way.minimum() > 0) text += Say(", at least {}", Money(way.minimum(), 0));
  if (!way.unit().empty()) text += way.minimum() > 0 ? Say(" {}", way.unit()) : Say(", in {}", way.unit());
  if (!way.how().empty()) text += Say(". How: {}", way.how());
  return text + "\n";
}

Shown CallText(const v1::OpenCall& line, const Style& style) {
  const v1::Announce& call = line.call().notice();
  Shown text =
      Toned(style, Tone::kBold, Say("  {} ({}), until {}", call.name(), call.id(), line.call().last()));
  text += "\n";
  for (const v1::Way& way : call.ways()) text += WayText(way);
  text += Say("    to {}", Named(call.owner(), line.call().owner_name()));
  if (!call.contact().empty()) text += Say(", contact {}", call.contact());
  text += "\n";
  text += Say("    complaints to {}\n", Named(call.complaints_to(), line.complaints_name()));
  if (call.needs_size() > 0) text += Say("    for needs {}\n", Listed(call.needs()));
  if (call.projects_size() > 0) text += Say("    for projects {}\n", Listed(call.projects()));
  return text;
}

template <typename Answer>
Shown Scope(const Answer& answer) {
  Shown words = answer.place().empty() ? Shown("every place") : Named(answer.place(), answer.place_name());
  words += ", ";
  words += answer.category().empty() ? Shown("all help") : Named(answer.category(), answer.category_name());
  words += Say(", on {}", answer.on());
  if (answer.has_as_of_record()) words += Say(", as of record {}", answer.as_of_record());
  return words;
}

Shown MoreLines(std::uint64_t more, const char* one, const char* many) {
  if (more == 0) return Shown();
  return Say("{} more {} not shown.\n", more, more == 1 ? one : many);
}

}  // namespace

Shown Text(const v1::PublicityAnswer& answer, const Style& style) {
  Shown text = Toned(style, Tone::kBold, Say("What was made public: {}", Scope(answer))) + "\n";
  text += Say("Notices that stood from {} to {}, {} days.\n", answer.since(), answer.on(), answer.days());
  Table places({{"place", false, true},
                {"needs", true},
                {"calls", true},
                {"reached by", true},
                {"notices", true},
                {"web", true},
                {"board", true},
                {"meeting", true},
                {"radio", true},
                {"message", true},
                {"announcers", true},
                {"silent"},
                {"name"}});
  for (const v1::PublicityPlace& line : answer.places()) {
    const auto count = [](std::uint64_t number) { return std::to_string(number); };
    places.Add({line.place(), count(line.needs()), count(line.calls()), count(line.reached_by()),
                count(line.notices()), count(line.web()), count(line.board()), count(line.meeting()),
                count(line.radio()), count(line.message()), count(line.announcers()),
                line.silent() ? Toned(style, Tone::kBad, "silent") : Shown(), line.place_name()});
  }
  if (!places.empty()) text += places.Text(style);
  text += MoreLines(answer.more_places(), "place is", "places are");
  if (answer.notices_size() > 0) {
    Table notices({{"notice", false, true},
                   {"kind"},
                   {"by"},
                   {.title = "from", .means = "the first day"},
                   {"last day"},
                   {"complete"},
                   {"record", true},
                   {"where"},
                   {"title"}});
    for (const v1::PublicityNotice& line : answer.notices()) {
      const v1::Announce& notice = line.notice();
      Shown complete = line.complete() ? "complete" : "stands";
      if (line.published() > notice.from()) complete += Say(", recorded {}", line.published());
      notices.Add({notice.id(), OwnWord(KindWord(notice.kind())), Named(notice.owner(), line.owner_name()),
                   notice.from(), line.last(), complete, std::to_string(line.record()), ChannelWords(notice),
                   notice.name()});
    }
    text += "\n";
    text += notices.Text(style);
  }
  text += MoreLines(answer.more_notices(), "notice is", "notices are");
  if (answer.with_need() == 0) {
    text += "No place has a verified need.\n";
  } else {
    const Shown words = Say("{} of {} {} with a verified need had no call that reached {}.\n",
                            answer.silent(), answer.with_need(), answer.with_need() == 1 ? "place" : "places",
                            answer.with_need() == 1 ? "it" : "them");
    text += answer.silent() > 0 ? Toned(style, Tone::kBad, words) : words;
  }
  text += Say("Parties that published: {}\n", answer.announcers());
  return text + AsOf(answer.as_of(), style);
}

Shown Text(const v1::OpenAnswer& answer, const Style& style) {
  Shown text = Toned(style, Tone::kBold, Say("How to take part: {}", Scope(answer))) + "\n";
  if (answer.calls_size() == 0) text += "No call is in force.\n";
  for (const v1::OpenCall& line : answer.calls()) text += CallText(line, style);
  text += MoreLines(answer.more_calls(), "call is", "calls are");
  Table needs({{"need", false, true},
               {"severity", true},
               {"people", true},
               {"asset"},
               {"open", true},
               {"owner", false, true},
               {"place"},
               {"category"}});
  for (const v1::NeedLine& line : answer.needs()) {
    const v1::DeclareNeed& need = line.need();
    const bool known = !need.asset().empty() && !line.beyond();
    needs.Add({need.id(), line.severity() == 0 ? "" : std::to_string(line.severity()), People(line.people()),
               need.asset(), known ? Money(line.open(), line.decimals()) : "", need.owner(),
               Named(need.place(), line.place_name()), Named(need.category(), line.category_name())});
  }
  if (needs.empty()) {
    text += "No verified need is open.\n";
  } else {
    text += "\n";
    text += Toned(style, Tone::kBold, "Open needs, the most severe first") + "\n" + needs.Text(style);
    std::uint64_t all = 0;
    for (const v1::NeedCount& count : answer.counts()) all += count.needs();
    const auto shown = static_cast<std::uint64_t>(answer.needs_size());
    text += MoreLines(all > shown ? all - shown : 0, "open need is", "open needs are");
  }
  if (answer.not_verified() > 0) {
    text += Say("{} more {} not verified, and not shown.\n", answer.not_verified(),
                answer.not_verified() == 1 ? "need is" : "needs are");
  }
  Table projects({{"project", false, true},
                  {"asset"},
                  {"budget", true},
                  {"there", true},
                  {"missing", true},
                  {"owner"},
                  {"places"},
                  {"name"}});
  for (const v1::OpenProject& line : answer.projects()) {
    projects.Add({line.project(), line.asset(), Money(line.budget(), line.decimals()),
                  Money(line.placed(), line.decimals()), Money(line.gap(), line.decimals()),
                  Named(line.owner(), line.owner_name()), Listed(line.places()), line.project_name()});
  }
  if (projects.empty()) {
    text += "No open project lacks money.\n";
  } else {
    text += "\n";
    text += Toned(style, Tone::kBold, "Projects that lack money") + "\n" + projects.Text(style);
  }
  text += MoreLines(answer.more_projects(), "project is", "projects are");
  return text + AsOf(answer.as_of(), style);
}

std::string PublicityCsv(const v1::PublicityAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles({"place", "place_name", "silent", "needs", "reached_by", "notices", "calls",
                                "web", "board", "meeting", "radio", "message", "announcers"});
  for (const v1::PublicityPlace& line : answer.places()) {
    text += CsvRow(
        {line.place(), line.place_name(), line.silent() ? "yes" : "", std::to_string(line.needs()),
         std::to_string(line.reached_by()), std::to_string(line.notices()), std::to_string(line.calls()),
         std::to_string(line.web()), std::to_string(line.board()), std::to_string(line.meeting()),
         std::to_string(line.radio()), std::to_string(line.message()), std::to_string(line.announcers())},
        answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
