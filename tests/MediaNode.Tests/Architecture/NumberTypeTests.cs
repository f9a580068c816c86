using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Hype.MediaNode.Workers;

namespace Hype.MediaNode.Tests.Architecture;

/// <summary>
/// Tests that the code declares every SSRC, sequence number, SRTP index, member number and epoch with its number type, and not as a bare
/// integer. Generated protobuf messages and the listed wire fields are exceptions.
/// </summary>
public sealed partial class NumberTypeTests
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Raw wire fields and counts whose names look like such numbers, each as type, member and reason.</summary>
    private static readonly string[] Exceptions =
    [
        "SrtpReceiver.maxSsrcs: a count",
        "SrtpSender.ExpectedSsrcs: a count",
        "SrtpCipher.indexWord: the E flag and the index in one word",
        "GcmCipher.indexWord: the E flag and the index in one word",
        "CounterModeCipher.indexWord: the E flag and the index in one word",
        "GcmCipher.IndexWordLength: a length",
        "CounterModeCipher.IndexWordLength: a length",
        "SrtpCipher.RtcpIndexOffset: an offset",
        "GcmCipher.RtcpIndexOffset: an offset",
        "CounterModeCipher.RtcpIndexOffset: an offset",
        "RtpHeader.CsrcCount: a count",
        "LoudestSpeakers.Members: a count",
        "WorkerCounters.Speakers: a count",
        "WorkerCounters._speakers: a count",
        "MediaWorker.RtpSsrcOffset: an offset",
        "MediaWorker.RtcpSsrcOffset: an offset",
        "MediaWorker.ssrcOffset: an offset",
    ];

    [Test]
    public void SSRCs_indices_and_epochs_are_declared_with_their_own_types_and_not_as_bare_integers()
    {
        var bare = typeof(MediaWorker).Assembly.GetTypes()
            .Where(IsOwn)
            .SelectMany(BareNumbers)
            .Distinct()
            .Where(found => !Exceptions.Any(entry => entry.StartsWith($"{found}:", StringComparison.Ordinal)));

        Assert.That(bare, Is.Empty);
    }

    [Test]
    public void Each_listed_exception_to_the_number_types_is_still_a_bare_integer_in_the_code()
    {
        var found = typeof(MediaWorker).Assembly.GetTypes().Where(IsOwn).SelectMany(BareNumbers).ToHashSet();
        Assert.That(Exceptions.Select(entry => entry[..entry.IndexOf(':')]).Where(entry => !found.Contains(entry)), Is.Empty);
    }

    private static IEnumerable<string> BareNumbers(Type type)
    {
        var owner = type.Name;
        foreach (var field in type.GetFields(Declared).Where(field => !field.Name.Contains('<')))
        {
            if (IsBare(field.FieldType) && Names(type, field.Name))
                yield return $"{owner}.{field.Name}";
        }

        foreach (var property in type.GetProperties(Declared))
        {
            if (IsBare(property.PropertyType) && Names(type, property.Name))
                yield return $"{owner}.{property.Name}";
        }

        foreach (var method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
        {
            if (method.IsDefined(typeof(CompilerGeneratedAttribute)))
                continue;
            if (method is MethodInfo { IsSpecialName: false } returning && IsBare(returning.ReturnType) && Names(type, method.Name))
                yield return $"{owner}.{method.Name}";
            foreach (var parameter in method.GetParameters())
            {
                if (IsBare(parameter.ParameterType) && Names(type, parameter.Name ?? ""))
                    yield return $"{owner}.{parameter.Name}";
            }
        }
    }

    // A member's number is also called after the member: a CSRC, a speaker, a peer or, in a table of members, an id.
    private static bool Names(Type type, string name) =>
        Number().IsMatch(name) || (IndexName().IsMatch(name) && type.Namespace is "Hype.MediaNode.Srtp" or "Hype.MediaNode.Tickets");

    private static bool IsBare(Type type)
    {
        var element = type.IsByRef || type.IsArray ? type.GetElementType()! : type;
        if (element.IsGenericType)
            return element.GetGenericArguments().Any(IsBare);
        return element == typeof(uint)
            || element == typeof(ushort) || element == typeof(ulong) || element == typeof(int) || element == typeof(long);
    }

    private static bool IsOwn(Type type) =>
        type.Namespace is { } space && space.StartsWith("Hype.MediaNode", StringComparison.Ordinal)
        && !space.EndsWith(".V1", StringComparison.Ordinal) && !IsGenerated(type);

    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute)) || (type.DeclaringType is { } outer && IsGenerated(outer));

    [GeneratedRegex("ssrc|csrc|sequence|number|epoch|^_?(members?|speakers?|peers?|dominant|id)$", RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex("index", RegexOptions.IgnoreCase)]
    private static partial Regex IndexName();
}
