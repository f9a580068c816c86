using System.Reflection;

namespace Hype.Grains.Tests.Testing;

/// <summary>
/// A grain factory without a silo: returns the fake grains that a test has added, by their interface and key. A compound key is a tuple of
/// its two parts.
/// </summary>
internal class FakeGrains : DispatchProxy
{
    private readonly Dictionary<(Type Interface, object Key), object> _grains = [];

    /// <summary>Creates a factory without grains; <see cref="Add"/> adds them.</summary>
    public static IGrainFactory Create() => Create<IGrainFactory, FakeGrains>();

    public static void Add<TGrain>(IGrainFactory factory, object key, TGrain grain)
        where TGrain : IGrain => ((FakeGrains)(object)factory)._grains[(typeof(TGrain), key)] = grain;

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        var (type, key) = (method!.GetGenericArguments()[0], arguments![0]!);
        if (method.GetParameters() is [_, { Name: "keyExtension" }, ..])
            key = ((long)key, (string)arguments[1]!);
        return _grains.TryGetValue((type, key), out var grain)
            ? grain
            : throw new InvalidOperationException($"The test has no {type.Name} of key {key}.");
    }
}
