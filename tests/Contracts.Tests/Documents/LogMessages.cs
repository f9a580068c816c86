using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Hype.Contracts.Tests.Documents;

/// <summary>Lists the log messages that the product's code declares.</summary>
internal static class LogMessages
{
    private static readonly string[] Assemblies = ["Hype.Gateway", "Hype.Grains", "Hype.Clustering", "Hype.Silo", "Hype.MediaNode"];

    /// <summary>Each log method with its category (the full name of its type) and its message.</summary>
    public static IReadOnlyList<(string Category, string Event, LoggerMessageAttribute Message)> All { get; } =
    [
        .. from assembly in Assemblies
           from type in Assembly.Load(assembly).GetTypes()
           from method in type.GetMethods(
               BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (type.FullName!, method.Name, message),
    ];
}
