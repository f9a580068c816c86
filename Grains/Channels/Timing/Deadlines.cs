namespace Hype.Grains.Channels.Timing;

/// <summary>Compares deadlines; null means never.</summary>
internal static class Deadlines
{
    public static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> times)
    {
        DateTimeOffset? earliest = null;
        foreach (var time in times)
        {
            if (time is not null && (earliest is null || time < earliest))
                earliest = time;
        }

        return earliest;
    }
}
