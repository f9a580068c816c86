using System.Reflection;

namespace Hype.Grains.Tests.Testing;

/// <summary>A grain factory without a silo: returns the grains of a test by their interface and key.</summary>
internal class FakeGrains : DispatchProxy
{
    private readonly Dictionary<(Type Interface, object Key), object> _grains = [];

    /// <summary>Creates an empty factory. <see cref="Add"/> fills it.</summary>
    public static IGrainFactory Create() => Create<IGrainFactory, FakeGrains>();

    public static void Add<TGrain>(IGrainFactory factory, object key, TGrain grain)
        where TGrain : IGrain => ((FakeGrains)(object)factory)._grains[(typeof(TGrain), key)] = grain;

    protected override object? Invoke(MethodInfo? method, object?[]? arguments) =>
        _grains.TryGetValue((method!.GetGenericArguments()[0], arguments![0]!), out var grain)
            ? grain
            : throw new InvalidOperationException($"The test has no {method.GetGenericArguments()[0].Name} of key {arguments[0]}.");
}
