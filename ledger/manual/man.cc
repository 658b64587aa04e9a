// See man.h.
#include "ledger/manual/man.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace fundtrail::manual {
namespace {

// Text as man shows it: a backslash is one, a hyphen may be copied into a shell.
std::string Plain(const std::string& text) {
  return absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"}});
}
std::string Bold(const std::string& text) { return absl::StrCat("\\fB", Plain(text), "\\fR"); }
std::string Italic(const std::string& text) { return absl::StrCat("\\fI", Plain(text), "\\fR"); }

// The lines of a text that say something.
std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipWhitespace());
}

// A paragraph. A line that began with a point or a quote would be an order to man.
std::string Paragraph(const std::string& text) {
  std::string paragraph;
  for (const std::string& line : Lines(text))
    absl::StrAppend(&paragraph, line[0] == '.' || line[0] == '\'' ? "\\&" : "", Plain(line), "\n");
  return paragraph.empty() ? "\\&\n" : paragraph;
}

std::string OptionText(const Option& option, bool is_argument) {
  std::string head;
  for (const std::string& name : option.names)
    absl::StrAppend(&head, head.empty() ? "" : ", ", is_argument ? Italic(name) : Bold(name));
  if (!option.value_name.empty()) absl::StrAppend(&head, " ", Italic(option.value_name));
  if (!option.remarks.empty()) absl::StrAppend(&head, " ", Plain(option.remarks));
  return absl::StrCat(".TP\n", head, "\n", Paragraph(option.description));
}

std::string OptionsText(const Command& command) {
  std::string text;
  for (const Option& argument : command.arguments) text += OptionText(argument, true);
  for (const Option& option : command.options) text += OptionText(option, false);
  return text;
}

std::string UsageText(const std::string& program, const Command& command) {
  std::string line = Bold(absl::StrCat(program, command.path.empty() ? "" : " ", command.path));
  if (!command.options.empty()) absl::StrAppend(&line, " [", Italic("OPTIONS"), "]");
  for (const Option& argument : command.arguments)
    absl::StrAppend(&line, " ", Italic(argument.names.front()));
  if (!command.commands.empty()) absl::StrAppend(&line, " ", Italic("COMMAND"), " ...");
  return line + "\n";
}

std::string FooterText(const Command& command) {
  std::string text;
  for (const std::string& line : Lines(command.footer)) absl::StrAppend(&text, ".PP\n", Paragraph(line));
  return text;
}

// Of a command: itself, then all that it contains.
std::string CommandText(const std::string& program, const Command& command) {
  std::string text = absl::StrCat(".SS ", Plain(absl::StrCat(program, " ", command.path)), "\n");
  if (!command.description.empty()) text += Paragraph(command.description);
  absl::StrAppend(&text, ".PP\n", UsageText(program, command), OptionsText(command), FooterText(command));
  for (const Command& inner : command.commands) text += CommandText(program, inner);
  return text;
}

// The commands of the program, each with its page, under the titles of the help.
std::string CommandList(const std::string& program, const Command& tree, int section) {
  std::string text, title;
  for (const Command& command : tree.commands) {
    if (command.title != title) absl::StrAppend(&text, ".SS ", Plain(command.title), "\n");
    title = command.title;
    absl::StrAppend(&text, ".TP\n", Bold(absl::StrCat(program, "-", command.names.front())), "(", section,
                    ")");
    for (std::size_t i = 1; i < command.names.size(); ++i)
      absl::StrAppend(&text, ", ", Bold(command.names[i]));
    absl::StrAppend(&text, "\n", Paragraph(command.description));
  }
  return text;
}

// What every page begins with. No date: the same program makes the same bytes.
std::string Front(const std::string& page, const Command& command, const std::string& program,
                  const Program& about) {
  const std::string& sentence = command.description;
  return absl::StrCat(".TH ", absl::AsciiStrToUpper(page), " ", about.section, " \"\" \"", program, " ",
                      about.version, "\" \"", program, "\"\n.SH NAME\n", Plain(page), " \\- ",
                      Plain(sentence.substr(0, sentence.find('\n'))), "\n.SH SYNOPSIS\n",
                      UsageText(program, command));
}

std::string SectionOf(const std::string& title, const std::string& text) {
  return text.empty() ? "" : absl::StrCat(".SH ", title, "\n", text);
}

Page PageOf(const std::string& name, int section, std::string text) {
  return {absl::StrCat("man/man", section, "/", name, ".", section), std::move(text)};
}

}  // namespace

std::vector<Page> ManPages(const Command& tree, const Program& about) {
  const std::string& program = tree.names.front();
  const std::string itself = absl::StrCat(Bold(program), "(", about.section, ")");
  std::vector<Page> pages;
  pages.push_back(
      PageOf(program, about.section,
             absl::StrCat(Front(program, tree, program, about),
                          SectionOf("DESCRIPTION", Paragraph(tree.description)),
                          SectionOf("OPTIONS", OptionsText(tree)),
                          SectionOf("COMMANDS", CommandList(program, tree, about.section)),
                          SectionOf("NOTES", FooterText(tree)),
                          SectionOf("SEE ALSO", about.see_also.empty() ? "" : Paragraph(about.see_also)))));
  for (const Command& command : tree.commands) {
    const std::string page = absl::StrCat(program, "-", command.names.front());
    std::string inner;
    for (const Command& one : command.commands) inner += CommandText(program, one);
    pages.push_back(
        PageOf(page, about.section,
               absl::StrCat(Front(page, command, program, about),
                            SectionOf("DESCRIPTION", Paragraph(command.description)),
                            SectionOf("OPTIONS", absl::StrCat(OptionsText(command), ".PP\nThe options of ",
                                                              itself, " go with every command.\n")),
                            SectionOf("COMMANDS", inner), SectionOf("NOTES", FooterText(command)),
                            SectionOf("SEE ALSO", itself + "\n"))));
  }
  return pages;
}

}  // namespace fundtrail::manual
