namespace Hype.Contracts.Tests.Documents;

/// <summary>Tests that docs/logs.md lists every message that the processes log, by category and event.</summary>
public sealed class LogPageTests
{
    private static readonly string[] Lines =
        [.. LogMessages.All.Select(log => $"| `{log.Category}` | `{log.Event}` | {log.Message.Level} | {log.Message.Message} |")];

    [Test]
    public void Log_page_lists_exactly_the_log_messages_of_the_code()
    {
        Assert.That(Lines, Is.Not.Empty);
        Assert.That(Repository.Read("docs/logs.md").Split('\n')
            .Where(line => line.StartsWith("| `Hype.", StringComparison.Ordinal)), Is.EquivalentTo(Lines));
    }
}
