using Orleans.Storage;

namespace Hype.Silo.Storage;

/// <summary>
/// Stores the state of each grain key in its own row. Orleans' AdoNet provider stores a text key that is a hexadecimal number or a GUID
/// as that number, so that the channels <c>a</c>, <c>A</c> and <c>0a</c> would share a row. Such a key is stored with a prefix that
/// occurs in no number and no channel id; so is a key that already begins with that prefix, which an identity may do.
/// </summary>
internal sealed class NamedRows(IGrainStorage rows) : IGrainStorage
{
    private const char Sign = '#';

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        rows.ReadStateAsync(stateName, Named(grainId), grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        rows.WriteStateAsync(stateName, Named(grainId), grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        rows.ClearStateAsync(stateName, Named(grainId), grainState);

    private static GrainId Named(GrainId grain) =>
        grain.TryGetIntegerKey(out _, out _) || grain.TryGetGuidKey(out _, out _) || grain.Key.ToString()!.StartsWith(Sign)
            ? GrainId.Create(grain.Type, $"{Sign}{grain.Key}") : grain;
}
