using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Hype.Contracts.Tests.Documents;

/// <summary>Tests that docs/logs.md lists every message that the processes log, by category and event.</summary>
public sealed class LogPageTests
{
    private static readonly string[] Lines =
    [
        .. from assembly in new[] { "Hype.Gateway", "Hype.Grains", "Hype.Clustering", "Hype.Silo", "Hype.MediaNode" }
           from type in Assembly.Load(assembly).GetTypes()
           from method in type.GetMethods(
               BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
           let line = method.GetCustomAttribute<LoggerMessageAttribute>()
           where line is not null
           select $"| `{type.FullName}` | `{method.Name}` | {line.Level} | {line.Message} |",
    ];

    [Test]
    public void Log_page_lists_exactly_the_log_messages_of_the_code()
    {
        Assert.That(Lines, Is.Not.Empty);
        Assert.That(Repository.Read("docs/logs.md").Split('\n')
            .Where(line => line.StartsWith("| `Hype.", StringComparison.Ordinal)), Is.EquivalentTo(Lines));
    }
}
