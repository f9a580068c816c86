namespace Hype.EndToEnd.Tests.Voice;

/// <summary>Assertions about groups of participants that hear each other.</summary>
internal static class Hearing
{
    /// <summary>Waits until each participant hears every other speaker, and nothing else.</summary>
    public static async Task AllHearEachOtherAsync(params IReadOnlyCollection<Participant> everyone)
    {
        foreach (var listener in everyone)
            await listener.HearsExactlyAsync(everyone.Where(other => other != listener && other.Tone is not null), everyone);
    }

    /// <summary>Waits until every participant plays <paramref name="mode"/>.</summary>
    public static async Task AllPlayAsync(string mode, params IReadOnlyCollection<Participant> everyone)
    {
        foreach (var participant in everyone)
            await participant.PlaysAsync(mode);
    }
}
