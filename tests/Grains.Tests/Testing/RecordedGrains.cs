using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Hype.Grains.Tests.Testing;

/// <summary>
/// A grain factory whose fake grains record their calls. They answer immediately, with a prepared answer of the test or the default value
/// of the result type.
/// </summary>
internal sealed class RecordedGrains
{
    public RecordedGrains()
    {
        Factory = DispatchProxy.Create<IGrainFactory, FactoryProxy>();
        ((FactoryProxy)(object)Factory).Grains = this;
    }

    public IGrainFactory Factory { get; }

    /// <summary>The recorded calls in order, as texts like "IGrain(key).Method".</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The prepared answers by method name: a result, or an exception to throw.</summary>
    public Dictionary<string, object> Answers { get; } = [];

    private object? Answer(Type grain, object key, MethodInfo method)
    {
        Calls.Add($"{grain.Name}({key}).{method.Name}");
        var result = method.ReturnType.GetGenericArguments().SingleOrDefault();
        if (Answers.GetValueOrDefault(method.Name) is Exception exception)
            return Failed(result ?? typeof(bool), exception);
        if (result is null)
            return Task.CompletedTask;
        var value = Answers.GetValueOrDefault(method.Name) ?? (result.IsValueType ? Activator.CreateInstance(result) : null);
        return typeof(Task).GetMethod(nameof(Task.FromResult))!.MakeGenericMethod(result).Invoke(null, [value]);
    }

    private static object? Failed(Type result, Exception exception) => typeof(Task)
        .GetMethods().Single(method => method is { Name: nameof(Task.FromException), IsGenericMethod: true })
        .MakeGenericMethod(result).Invoke(null, [exception]);

    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it.")]
    internal class FactoryProxy : DispatchProxy
    {
        public RecordedGrains Grains { get; set; } = null!;

        protected override object Invoke(MethodInfo? method, object?[]? arguments)
        {
            var grain = DispatchProxy.Create(method!.GetGenericArguments().Single(), typeof(GrainProxy));
            ((GrainProxy)grain).Attach(Grains, method.GetGenericArguments().Single(), arguments![0]!);
            return grain;
        }
    }

    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it.")]
    internal class GrainProxy : DispatchProxy
    {
        private RecordedGrains _grains = null!;
        private Type _grain = null!;
        private object _key = null!;

        public void Attach(RecordedGrains grains, Type grain, object key) => (_grains, _grain, _key) = (grains, grain, key);

        protected override object? Invoke(MethodInfo? method, object?[]? arguments) => _grains.Answer(_grain, _key, method!);
    }
}
